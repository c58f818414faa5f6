/** A cell as the Sheets API knows it: dates and times are numbers (serials), an empty cell is null. */
export type Cell = string | number | boolean | null

export type Publishing = 'production' | 'testing'

export interface Account {
  sub: string
  email: string
  name: string
}

export interface GoogleOptions {
  clientId: string
  clientSecret: string
  /** Compared exactly, at authorize and at the code exchange. */
  redirectUris: string[]
  accounts?: Account[]
  /** Milliseconds; every expiry derives from it. */
  now?: () => number
  publishing?: Publishing
  port?: number
  /** The name the consent page shows. */
  appName?: string
}

export interface GoogleUrls {
  authUrl: string
  tokenUrl: string
  revokeUrl: string
  sheetsUrl: string
}

export interface ConsentChoice {
  account?: string
  deny?: boolean
  untick?: string[]
}

/** What the next consent page has picked already when it opens; the person may still change it. */
export interface NextConsent {
  /** E-mail address. */
  account?: string
  /** Every box is empty. */
  unticked?: boolean
}

export interface RefreshTokenInfo {
  token: string
  email: string
  scopes: string[]
  issuedAt: number
  expiresAt?: number
  revoked: boolean
}

export type Endpoint = 'authorize' | 'token' | 'revoke' | 'sheets' | 'other'

export interface GoogleFault {
  endpoint: 'token' | 'sheets' | 'authorize' | 'revoke' | '*'
  kind: '429' | '5xx' | 'timeout' | 'reset' | 'html' | 'answer'
  /** For 5xx (default 503), html (200) and answer (200). */
  status?: number
  body?: unknown
  headers?: Record<string, string>
  retryAfterS?: number
  /** Until cleared when left out. */
  times?: number
  /** Do the work, then destroy the connection before answering; the kind does not matter then. */
  lost?: boolean
}

/** One request, without any value that could be a secret: only the names of query parameters. */
export interface RequestRecord {
  at: number
  endpoint: Endpoint
  method: string
  path: string
  query: string[]
  grantType?: string
  /** 0 when nothing was answered. */
  status: number
  /** The OAuth or API error code of the answer. */
  error?: string
  fault?: GoogleFault['kind'] | 'lost'
}

export type GoogleChange = { kind: 'request'; request: RequestRecord } | { kind: 'change'; what: string }

export interface Tab {
  title: string
  rows: Cell[][]
}

export interface SpreadsheetInput {
  id: string
  title: string
  /** IANA name. */
  timeZone: string
  locale?: string
  tabs: Tab[]
  /** E-mail addresses. */
  sharedWith: string[]
  /** An .xlsx that was uploaded but never converted: the API refuses it. */
  officeFile?: boolean
}

/** What a person does in the spreadsheet. Rows and columns count from 0, the header row included. */
export interface SpreadsheetHandle {
  tabs(): string[]
  rows(tab: string): Cell[][]
  setRows(tab: string, rows: Cell[][]): void
  setCell(tab: string, row: number, col: number, value: Cell): void
  addTab(title: string, rows: Cell[][]): void
  renameTab(from: string, to: string): void
  removeTab(title: string): void
  share(email: string): void
  unshare(email: string): void
  setTimeZone(timeZone: string): void
}

/** What a console shows; tokens only by their first characters. */
export interface GoogleSnapshot {
  accounts: Account[]
  publishing: Publishing
  clientDisabled: boolean
  sheetsApiDisabled: boolean
  rotatesOnRefresh: boolean
  omitsRefreshToken: boolean
  nextConsent: NextConsent
  faults: GoogleFault[]
  refreshTokens: RefreshTokenInfo[]
  spreadsheets: { id: string; title: string; timeZone: string; tabs: string[]; sharedWith: string[]; officeFile: boolean }[]
}

export interface Google {
  start(): Promise<GoogleUrls>
  stop(): Promise<void>
  /** What a person does on the consent page. Gives the redirect's Location, or throws with the text of Google's error page. */
  consent(authorizeUrl: string, choice?: ConsentChoice): Promise<string>
  /** A token that exists already when the story starts. */
  issueRefreshToken(email: string, scopes?: string[]): string
  refreshTokens(): RefreshTokenInfo[]
  /** The person removes the app's access in their account: every token dies. */
  revokeAll(email?: string): void
  /** Every living refresh token passes its lifetime now. */
  expireAll(): void
  /** Every living refresh token has this many milliseconds left. */
  expireIn(ms: number): void
  setPublishing(mode: Publishing): void
  rotateOnRefresh(yes: boolean): void
  omitRefreshToken(yes: boolean): void
  /** Forgotten when the person has decided. */
  presetConsent(next: NextConsent): void
  disableClient(yes: boolean, as?: 'disabled' | 'deleted'): void
  setClientSecret(secret: string): void
  createSpreadsheet(input: SpreadsheetInput): void
  sheet(id: string): SpreadsheetHandle
  deleteSpreadsheet(id: string): void
  disableSheetsApi(yes: boolean): void
  fault(fault: GoogleFault): void
  clearFaults(): void
  requests: RequestRecord[]
  on(listener: (change: GoogleChange) => void): () => void
  snapshot(): GoogleSnapshot
}
