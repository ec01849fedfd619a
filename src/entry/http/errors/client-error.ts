import type { Socket } from 'node:net'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { PROBLEM_TYPE, toProblem } from '#foundation/web/http/problem.ts'

interface HttpError extends Error {
  readonly code?: string
}

/** Returns the handler for bytes that are not valid HTTP; it answers with a problem document, too. */
export function clientErrorHandler(config: Pick<Config, 'publicUrl'>, newId: () => string) {
  return (error: HttpError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    // The whole socket is closed, not only its writing end: a request that timed out must not proceed when the rest of its body arrives.
    socket.write(answerTo(error, config, newId()))
    socket.destroySoon()
  }
}

function answerTo({ code }: HttpError, { publicUrl }: Pick<Config, 'publicUrl'>, requestId: string): string {
  const refusal = new Refusal(code === 'HPE_HEADER_OVERFLOW' ? 'request.too_large' : 'request.unreadable')
  const [status, reason] = STATUSES[code ?? ''] ?? [400, 'Bad Request']
  const body = JSON.stringify({ ...toProblem(refusal, { publicUrl, instance: requestId }).body, status })
  return [
    `HTTP/1.1 ${status} ${reason}`,
    'Connection: close',
    'Cache-Control: no-store',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n')
}

const STATUSES: Readonly<Record<string, readonly [code: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
}
