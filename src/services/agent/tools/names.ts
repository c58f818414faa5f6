/** Tools that a playbook may allow. */
export const OPTIONAL_TOOLS = [
  'list_charters',
  'read_charter',
  'create_task',
  'note_progress',
  'ask_operator',
  'read_crew_page',
  'update_crew_page',
  'list_signatures',
  'request_signatures',
  'suggest_reminders',
] as const

export type ToolName = (typeof OPTIONAL_TOOLS)[number]
