import type { FaultQueue } from './faults.ts'
import type { Settings } from './settings.ts'
import type { SpreadsheetStore } from './spreadsheet-store.ts'
import type { RefreshRecord, TokenStore } from './token-store.ts'
import type { GoogleSnapshot, RefreshTokenInfo } from './types.ts'

interface Deps {
  readonly settings: Settings
  readonly tokens: TokenStore
  readonly spreadsheets: SpreadsheetStore
  readonly faults: FaultQueue
}

/** The whole state for a console, tokens cut to their first characters. */
export function takeSnapshot({ settings, tokens, spreadsheets, faults }: Deps): GoogleSnapshot {
  return {
    accounts: [...settings.accounts],
    publishing: settings.publishing,
    clientDisabled: settings.client !== 'active',
    sheetsApiDisabled: settings.sheetsApiDisabled,
    rotatesOnRefresh: settings.rotatesOnRefresh,
    omitsRefreshToken: settings.omitsRefreshToken,
    nextConsent: { ...settings.nextConsent },
    faults: faults.list(),
    refreshTokens: tokens.refreshTokens().map((token) => Object.assign(tokenInfo(token), { token: `${token.token.slice(0, 8)}...` })),
    spreadsheets: spreadsheets.list().map((spreadsheet) => ({
      id: spreadsheet.id,
      title: spreadsheet.title,
      timeZone: spreadsheet.timeZone,
      officeFile: spreadsheet.officeFile,
      tabs: spreadsheet.tabs.map((tab) => tab.title),
      sharedWith: [...spreadsheet.sharedWith],
    })),
  }
}

export function tokenInfo({ token, email, scopes, issuedAt, expiresAt, revoked }: RefreshRecord): RefreshTokenInfo {
  return { token, email, scopes: [...scopes], issuedAt, revoked, ...(expiresAt === undefined ? {} : { expiresAt }) }
}
