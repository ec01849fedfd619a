import { Option } from 'commander'
import type { IncomingMessage } from 'node:http'

import type { Duration } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { CliFailure, errorCodeOf } from '../terminal/failure.ts'
import { readSpan } from '../terminal/flag-values.ts'
import { invocationOf } from '../terminal/invocation.ts'

interface Flags {
  readonly url?: string
  readonly timeout: Duration
}

const DEFAULT_TIMEOUT = '5s'

export function addHealthcheck(program: CliCommand): void {
  program
    .command('healthcheck')
    .description('check that the server on this machine is up (for container health checks)')
    .option('--url <url>', 'URL to check instead, such as http://127.0.0.1:8000')
    .addOption(
      new Option('--timeout <span>', 'give up after')
        .argParser(readSpan)
        .default(readSpan(DEFAULT_TIMEOUT), DEFAULT_TIMEOUT),
    )
    .withExamples('healthcheck', 'healthcheck --url https://id.example.org --timeout 2s')
    .action((flags: Flags, command: CliCommand) => check(flags, command))
}

async function check({ url, timeout }: Flags, command: CliCommand): Promise<void> {
  const { out, loaded } = invocationOf(command)
  const target = URL.parse('/healthz', url ?? localUrl(loaded.config))
  if (!target || !/^https?:$/.test(target.protocol)) throw CliFailure.usage('--url must be an http or https URL')
  const status = await statusOf(target, timeout)
  if (status !== 200) throw unhealthy(EXIT.failed, `${target.href} answered ${status}.`)
  out.result({ url: target.href, status }, `${target.href} is healthy`)
}

/** The URL of the listening server as seen from this machine. */
function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
  return `http://${everywhere[host] ?? (host.includes(':') ? `[${host}]` : host)}:${port}`
}

async function statusOf(target: URL, timeout: Duration): Promise<number> {
  // Imported here, because Node's HTTP client is large and no other command needs it.
  const { get } = target.protocol === 'https:' ? await import('node:https') : await import('node:http')
  return new Promise((resolve, reject) => {
    const request = get(target, { signal: AbortSignal.timeout(timeout) }, (response: IncomingMessage) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', (error) => reject(unhealthy(EXIT.unreachable, connectionSentence(target, error), error)))
  })
}

function connectionSentence(target: URL, error: Error): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `${target.href} did not answer in time.`
  return `${target.href} cannot be reached${errorCodeOf(error) && ` (${errorCodeOf(error)})`}.`
}

function unhealthy(exit: 1 | 8, detail: string, cause?: Error): CliFailure {
  return new CliFailure({ exit, code: 'healthcheck.failed', title: 'Unhealthy', detail }, { cause })
}
