import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError, UnauthorizedError } from '@modelcontextprotocol/client'
import { errorCode, JadaError } from '../../errors.ts'

/** Codes of a connection that was never made. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

function causeCode(error: unknown): string | undefined {
  return error instanceof Error ? (errorCode(error.cause) ?? errorCode(error)) : undefined
}

/** Why something failed, in words of ours: a server's own words do not go where instructions go. */
export function reasonOf(error: unknown, ending: string | null): string {
  if (ending !== null) return ending
  if (error instanceof JadaError) return error.message
  if (error instanceof UnauthorizedError) return 'it refuses our credentials (HTTP 401)'
  if (error instanceof SdkHttpError) return `it answered HTTP ${error.status}`
  if (error instanceof ProtocolError) return `it answered with error ${error.code}`
  const code = causeCode(error)
  return code === undefined ? 'its answer cannot be understood' : `no connection, or none that lasted (${code})`
}

/** Failures after which a call certainly took no effect: it was never sent, or refused as a whole. */
export function isNotMade(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return true
  // 408: it gave up waiting for something.
  if (error instanceof SdkHttpError) return error.status >= 400 && error.status < 500 && error.status !== 408
  if (error instanceof SdkError) return error.code === SdkErrorCode.NotConnected || error.code === SdkErrorCode.CapabilityNotSupported
  return NOT_REACHED.has(causeCode(error) ?? '') || (error instanceof JadaError && error.code === 'mcp-ended')
}
