// Refuses to start where the requests of protected hosts could not be authorized.
import { hasHosts } from '#domain/hosts/host.service.ts'
import type { With } from '#foundation/context.ts'
import { variableOf } from '#foundation/platform/config/settings.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { CliFailure } from '../terminal/failure.ts'

/**
 * Throws where hosts are protected and no proxy is trusted: which host and path a request is for is read from headers of the proxy, which
 * anyone could send.
 */
export async function requireTrustedProxies(ctx: With<'db' | 'config'>): Promise<void> {
  if (ctx.config.trustedProxies.length > 0 || !(await hasHosts(ctx))) return
  throw new CliFailure({
    exit: EXIT.usage,
    code: 'config.proxies_missing',
    title: 'No trusted proxy',
    detail: `Hosts are protected, but the setting trusted_proxies is empty, so that every request of theirs would be refused. Name the address of the proxy before them: ${variableOf('trusted_proxies')}=127.0.0.1`,
  })
}
