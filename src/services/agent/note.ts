/** A line of a session's story: told in its thread unless it was muted, and kept. Texts of the model are untrusted. */
export type SessionNote =
  | { readonly type: 'progress'; readonly text: string }
  /** A tool did something that others can see. */
  | { readonly type: 'did'; readonly what: string }
  | { readonly type: 'bad-input'; readonly tool: string; readonly problem: string }
  /** Tools of an MCP server that nobody had seen before; from now on they may not change unnoticed. */
  | { readonly type: 'tools-seen'; readonly server: string; readonly tools: readonly string[] }
  /** A tool of another program cannot be used, in words of ours. */
  | { readonly type: 'tool-problem'; readonly problem: string }
  /** The model's service cannot be used now; the session goes on at `until`. */
  | { readonly type: 'model-wait'; readonly code: string; readonly until: number }
  | { readonly type: 'budget-wait'; readonly until: number }
  | { readonly type: 'muted' | 'unmuted'; readonly by: string }
  /** Said in the thread, but nothing was asked there. */
  | { readonly type: 'not-asked'; readonly by: string }
  | { readonly type: 'finished'; readonly outcome: 'done' | 'blocked'; readonly summary: string }
  | {
      readonly type: 'ran-out'
      readonly limit: 'turns' | 'tokens' | 'dollars' | 'context'
      readonly handOver: string
      readonly next: 'again' | 'person'
      readonly followUpId: number | null
    }
  | { readonly type: 'gave-up'; readonly reason: string }
  /** The session ended while a call to another system was under way, or before anybody settled whether it took effect. */
  | { readonly type: 'maybe-done'; readonly title: string; readonly where: string }
  /** `by` null: what the task was about is called off. */
  | { readonly type: 'cancelled'; readonly by: string | null }
