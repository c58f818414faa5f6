/** The tables. Times are UTC milliseconds (`bigint`), flags 0 or 1, structures JSON text: portable to PostgreSQL as it is. */
export interface Schema {
  counter: { name: string; value: number }
  connection: {
    id: string
    client_id: string
    sub: string
    email: string
    scopes: string
    token: string
    previous_token: string | null
    generation: number
    consented_at: number
    refresh_expires_at: number | null
    updated_at: number
  }
  consent: {
    state_hash: string
    connection_id: string
    incident_id: number | null
    ticket_hash: string | null
    mode: string
    bound_kind: string
    bound_value: string
    verifier: string
    redirect_uri: string
    generation: number
    created_at: number
    expires_at: number
    consumed_at: number | null
  }
  ticket: { hash: string; mode: string; operator: string; incident_id: number | null; expires_at: number; spent_at: number | null }
  charter: {
    id: string
    tab: string
    starts_at: number
    ends_at: number
    status: string
    fields: string
    removed_at: number | null
    first_seen_at: number
    changed_at: number
  }
  charter_change: { seq: number; charter_id: string; tab: string; what: string; fields: string; at: number }
  sheet_tab: { title: string; grid_id: number; content_hash: string; read_at: number; charters: number }
  quarantine: { tab: string; row: number; charter_id: string | null; problems: string; at: number }
  hold: {
    tab: string
    content_hash: string
    before: number
    removed: string
    created_at: number
    approved_by: string | null
    approved_at: number | null
  }
  sync_state: { id: string; state: string }
  work: {
    id: number
    job: string
    subject: string
    state: string
    due_at: number
    demanded: number
    reason: string
    asked_by: string | null
    run_id: number | null
  }
  run: {
    id: number
    job: string
    subject: string
    reason: string
    asked_by: string | null
    started_at: number
    finished_at: number | null
    outcome: string | null
    summary: string | null
  }
  incident: {
    id: number
    key: string
    /** The key while the incident can still be re-opened, else null: at most one such row a key. */
    live_key: string | null
    state: string
    version: number
    body: string
    opened_at: number
  }
  /** `channel` and `ts` null: the card is gone, and the one with this number is still to be posted. */
  card: { subject: string; channel: string | null; ts: string | null; version: number; number: number; edited_at: number | null }
  timeline: { incident_id: number; seq: number; at: number; note: string }
  outbox: {
    id: number
    key: string
    target: string
    lane: string
    rank: number
    dispatch: string
    state: string
    tries: number
    due_at: number
    claimed_at: number | null
    sent_at: number | null
    error: string | null
    created_at: number
  }
  slack_event: { id: string; type: string; body: string; state: string; received_at: number; done_at: number | null }
  slack_act: { id: string; at: number }
  task: {
    id: number
    kind: string
    title: string
    details: string
    priority: string
    due_on: string | null
    parent_id: number | null
    role: string | null
    charter_id: string | null
    via: string
    asked_by: string | null
    state: string
    ran_out: number
    outcome: string | null
    key: string | null
    body_hash: string | null
    created_at: number
    updated_at: number
    version: number
  }
  task_dependency: { task_id: number; needs_id: number }
  quota_slot: { day: string; n: number; of_day: number; session_id: number }
  session: {
    id: number
    task_id: number
    /** The task while the session runs or waits, else null: at most one such row a task. */
    live_task_id: number | null
    status: string
    day: string
    epoch: number
    /** Null: nobody holds it. */
    lease_until: number | null
    version: number
    started_at: number
    ended_at: number | null
    body: string
  }
  session_message: { session_id: number; seq: number; role: string; content: string; stop_reason: string | null }
  tool_call: {
    session_id: number
    tool_use_id: string
    name: string
    input: string
    arguments_hash: string
    state: string
    request_id: number | null
    result: string | null
    is_error: number
    at: number
  }
  session_note: { session_id: number; seq: number; at: number; note: string }
  person_request: {
    id: number
    session_id: number
    tool_use_id: string
    type: string
    what: string
    arguments_hash: string
    state: string
    version: number
    asked_at: number
    expires_at: number | null
    decided_by: string | null
    decided_at: number | null
    answer: string | null
  }
  model_call: {
    id: number
    session_id: number
    day: string
    worst: number
    cost: number | null
    input: number | null
    output: number | null
    cache_write: number | null
    cache_read: number | null
    at: number
  }
  crew_page: {
    id: number
    charter_id: string
    /** The charter while the page is live, else null: at most one such row a charter. */
    live_charter_id: string | null
    state: string
    token_hash: string
    token_sealed: string
    version: number
    starts_at: number
    expires_at: number
    own_checklist: string | null
    office_notes: string
    made_by: string | null
    made_at: number
    revoked_by: string | null
    revoked_at: number | null
    opened_at: number | null
    opened_version: number | null
  }
  crew_version: {
    page_id: number
    version: number
    content: string
    changes: string
    read_at: number | null
    changed_by: string | null
    at: number
  }
  mcp_tool: {
    server: string
    tool: string
    hash: string
    definition: string
    accepted_by: string | null
    accepted_at: number
    seen: string | null
    seen_at: number | null
  }
  mcp_offer: { session_id: number; tools: string }
  signature_request: {
    id: number
    charter_id: string
    guest: string
    /** Charter and guest while the request is live, else null: at most one such row. */
    live_key: string | null
    state: string
    version: number
    token_hash: string
    token_sealed: string
    details: string
    starts_at: number
    expires_at: number
    document: string
    document_hash: string
    requested_at: number
    requested_by: string | null
    sent_at: number | null
    sent_by: string | null
    reminders: string
    viewed_at: number | null
    ended_at: number | null
    decline_reason: string | null
    withdrawn_why: string | null
  }
  signature: {
    request_id: number
    document: string
    document_hash: string
    consent: string
    name: string
    method: string
    drawing: string | null
    at: number
    address: string | null
    user_agent: string
  }
  /** Who opened the bot's Home, and what it shows them; `asked` counts wishes to see it anew. */
  home: {
    user: string
    opened_at: number
    asked: number
    published_hash: string | null
    view_hash: string | null
    published_at: number | null
    due_at: number
  }
  host_sample: { at: number; body: string }
  host_state: { id: string; state: string; audit: string }
  /** Triggers refuse to change or delete a row. `details`: JSON. */
  audit: { id: number; at: number; actor: string; act: string; subject: string; details: string }
  digest: { id: number; local_date: string; made_at: number; card: string; replies: string }
  question: {
    id: number
    event_id: string
    incident_id: number
    asker: string
    text: string
    asked_at: number
    state: string
    answered_by: string | null
    answered_at: number | null
  }
  question_call: Omit<Schema['model_call'], 'id' | 'session_id'> & { question_id: number; n: number }
  sync_age: { hour: number; minutes: number }
  setting: { name: string; value: string }
}
