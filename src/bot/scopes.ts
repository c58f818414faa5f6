/** The bot scopes the code needs; manifest.yml asks for exactly these. */
export const REQUIRED_SCOPES = [
  'commands',
  'chat:write',
  'channels:history',
  'groups:history',
  'im:history',
  'im:write',
  'channels:read',
  'groups:read',
  'users:read',
] as const
