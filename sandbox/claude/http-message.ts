import type { Reply } from '../loopback-server.ts'

export type { Call, Outcome, Reply } from '../loopback-server.ts'

export const jsonReply = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** What a hotel, a proxy or an airport answers in the place of the service. */
export const proxyPage = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html lang="en"><title>Welcome to the marina Wi-Fi</title><h1>Please sign in to use the network</h1></html>',
})
