import { sealingOverdue } from '../../audit/sealer.service.ts'
import { lastHead } from '../../audit/verify.service.ts'
import type { With } from '../../context.ts'
import { unreadableSecrets } from '../../factors/totp/first-sight.service.ts'
import { clockSkew } from '../../platform/database/clock-skew.ts'
import { databaseSize } from '../../platform/database/database-size.ts'
import { logBytes } from '../../platform/database/log-size.ts'
import { schemaStatus } from '../../platform/database/schema-status.ts'
import { commandOnPage } from '../../platform/invoked-as.ts'
import { NODE_VERSION, VERSION } from '../../platform/version.ts'
import { userRowFindings } from '../../users/user.service.ts'
import type { SeenRequest } from '../../web/seen-request.ts'
import { judgeServer, worstOf } from './checkup.ts'
import type { CheckFacts, CheckLevel, Finding } from './checkup.ts'
import { countUsers } from '../overview/overview.view.ts'

export interface Checkup {
  readonly level: CheckLevel
  readonly findings: readonly Finding[]
}

/**
 * Looks over the whole server: what is well, what to know, what to mend.
 * @param seen the request of whoever asks; without one, what only a request shows is left out
 * @param isDamaged whether reading the whole database, where that was done, found a damaged page
 */
export async function checkUp(
  ctx: With<'db' | 'now' | 'config' | 'keyring'>,
  seen: SeenRequest | null = null,
  isDamaged = false,
): Promise<Checkup> {
  const users = await countUsers(ctx.db)
  const { publicUrl, weakHash, auditHeadInterval } = ctx.config
  const facts = {
    ...users,
    publicUrl,
    seen,
    weakHash,
    withoutFactor: users.noFactor,
    command: (words: string) => commandOnPage(ctx.config, words),
    database: { ...(await databaseSize(ctx.db)), logBytes: await logBytes(ctx.db), isDamaged },
    skew: await clockSkew(ctx.db, ctx.now),
    keyring: keysOf(ctx),
    unsealedFor: await sealingOverdue(ctx),
    head: await lastHead(ctx),
    headInterval: auditHeadInterval,
    program: await programFacts(ctx),
    rows: [...(await userRowFindings(ctx)), ...(await secretFindings(ctx))],
  }
  const findings = judgeServer(facts, ctx.now)
  return { level: worstOf(findings), findings }
}

/** At most so many are told of; who mends them finds the next ones. */
const MOST_SECRETS = 1000

async function secretFindings(ctx: With<'db'>): Promise<CheckFacts['rows']> {
  const ids = await unreadableSecrets(ctx, MOST_SECRETS)
  return ids.map((id) => ({ code: 'code-secret-unreadable', id, columns: [] }))
}

function keysOf({ keyring, config }: With<'keyring' | 'config'>): CheckFacts['keyring'] {
  return { keys: keyring.keys.length, from: config.keyring === null ? 'file' : 'configuration' }
}

async function programFacts({ db }: With<'db'>): Promise<CheckFacts['program']> {
  const status = await schemaStatus(db)
  const schema = 'version' in status ? status.version : status.wanted
  return { version: VERSION, node: NODE_VERSION, schema, wantedSchema: status.wanted }
}
