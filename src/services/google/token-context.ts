/** What a refresh token is bound to: moving it to another connection, client or account makes it unreadable. */
export function tokenContext(owner: { id: string; clientId: string; sub: string }): string {
  return JSON.stringify([owner.id, owner.clientId, owner.sub])
}
