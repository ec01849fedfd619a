// The answer to a device that asks for its codes (RFC 8628 §3.2).
import { POLL_INTERVAL } from '#domain/grants/device-code.ts'
import type { Exchange, LibraryAnswer } from './exchange.service.ts'
import { SHORT_DEVICE_PATH } from './openid-path.ts'

/**
 * Completes the answer with how often the device may ask, which the library does not say; and with the shorter of the two paths of the page, since
 * people type it.
 */
export async function completeDeviceAnswer({ ctx }: Exchange, answer: LibraryAnswer): Promise<LibraryAnswer> {
  if (answer.status !== 200) return answer
  const body = answer.body as Readonly<Record<string, unknown>>
  const page = ctx.config.publicUrl + SHORT_DEVICE_PATH
  const complete = `${page}?${new URLSearchParams({ user_code: String(body['user_code']) })}`
  const uris = { verification_uri: page, verification_uri_complete: complete }
  return { ...answer, body: { ...body, ...uris, interval: POLL_INTERVAL / 1000 } }
}
