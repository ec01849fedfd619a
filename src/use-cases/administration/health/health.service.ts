// The check-up: findings about the server, its database and its rows.
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { replacementKey } from '#domain/attributes/attribute.ts'
import { chainLag } from '#domain/audit/chain-writer.service.ts'
import { lastCheckpoint } from '#domain/audit/verify.service.ts'
import { weakenedClients } from '#domain/clients/client.service.ts'
import { unreadableSecrets } from '#domain/factors/totp/plaintext-secret.service.ts'
import { outboxState } from '#domain/mail/outbox.service.ts'
import { impossiblePolicies } from '#domain/policies/store/policy-validity.service.ts'
import { registrationGroups } from '#domain/registrations/registration-groups.service.ts'
import { countUnreadableKeys } from '#domain/signing-keys/signing-key.service.ts'
import { keptAdmin } from '#domain/users/account-expiry.service.ts'
import { countPlaintextTotpSecrets, incompleteRows } from '#domain/users/external-rows/external-row.service.ts'
import { userRowFindings } from '#domain/users/external-rows/row-findings.service.ts'
import { countUsers } from '#domain/users/user-count.service.ts'
import type { With } from '#foundation/context.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import { isReservedKey } from '#foundation/kernel/reserved-keys.ts'
import { lastClockJump } from '#foundation/platform/database/clock-jumps.ts'
import { clockSkew, databaseSize, logBytes } from '#foundation/platform/database/database-facts.ts'
import { selectJobs } from '#foundation/platform/database/job-rows.ts'
import { schemaStatus } from '#foundation/platform/database/schema-status.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { NODE_VERSION, VERSION } from '#foundation/platform/project.ts'
import type { SeenRequest } from '#foundation/web/http/ip-address.ts'
import type { CheckLevel, Finding } from './finding.ts'
import { type CheckFacts, evaluateServer, worstOf } from './health.ts'
import { selectUsersOfUnreadableApps } from './unreadable-apps.view.ts'

export interface Checkup {
  readonly level: CheckLevel
  readonly findings: readonly Finding[]
}

/** What takes too long for a page, so that only the command line finds it out. */
export interface Probed {
  /** Whether a read of the whole database found a damaged page. */
  readonly isDamaged?: boolean
  /** Why the SMTP server would take no mail; null where it would. */
  readonly mailError?: string | null
}

/**
 * Checks server, database and rows, and returns every finding.
 * @param seen the request of the admin; without one (command line), the checks of host and proxy are left out
 */
export async function checkUp(
  ctx: With<'db' | 'now' | 'config' | 'keyring'>,
  seen: SeenRequest | null = null,
  { isDamaged = false, mailError = null }: Probed = {},
): Promise<Checkup> {
  const { counts: users } = await countUsers(ctx)
  const { publicUrl, weakHash, auditCheckpointInterval } = ctx.config
  const facts: CheckFacts = {
    ...users,
    publicUrl,
    seen,
    weakHash,
    withoutFactor: users.noFactor,
    impossiblePolicies: await impossiblePolicies(ctx),
    reservedAttributes: await reservedAttributes(ctx),
    unknownGroups: (await registrationGroups(ctx)).unknown,
    plainSecrets: await countPlaintextTotpSecrets(ctx),
    incompleteRows: await incompleteRows(ctx),
    command: (words: string) => commandFor(ctx.config, words),
    database: await databaseFacts(ctx, isDamaged),
    skew: await clockSkew(ctx.db, ctx.now),
    clockJump: (await lastClockJump(ctx.db)) ?? null,
    keyring: { keys: ctx.keyring.keys.length, from: ctx.config.keyring === null ? 'file' : 'configuration' },
    weakenedApps: await weakenedClients(ctx),
    unreadableKeys: await countUnreadableKeys(ctx),
    mail: await mailFacts(ctx, mailError),
    jobs: await selectJobs(ctx.db),
    chainLag: await chainLag(ctx),
    checkpoint: await lastCheckpoint(ctx),
    checkpointInterval: auditCheckpointInterval,
    program: await programFacts(ctx),
    rows: [...(await userRowFindings(ctx)), ...(await secretFindings(ctx)), ...(await expiryFindings(ctx))],
  }
  const findings = evaluateServer(facts, ctx.now)
  return { level: worstOf(findings), findings }
}

async function reservedAttributes(ctx: With<'db'>): Promise<CheckFacts['reservedAttributes']> {
  const keys = (await listAttributes(ctx)).map(({ key }) => key)
  return keys.filter(isReservedKey).map((key) => ({ key, replacement: replacementKey(key, keys) }))
}

/** Limit of findings about secrets; further ones appear once these are fixed. */
const MOST_SECRETS = 1000

async function secretFindings(ctx: With<'db'>): Promise<CheckFacts['rows']> {
  const typed = await unreadableSecrets(ctx, MOST_SECRETS)
  const sealed = await selectUsersOfUnreadableApps(ctx.db, MOST_SECRETS)
  return [
    ...typed.map((id) => ({ code: 'code-secret-unreadable', id, columns: [] }) as const),
    ...sealed.map((id) => ({ code: 'app-secret-unreadable', id, columns: [] }) as const),
  ]
}

/** An admin whose account has ended, but who stays because no other admin is left. */
async function expiryFindings(ctx: With<'db' | 'now'>): Promise<CheckFacts['rows']> {
  const id = await keptAdmin(ctx)
  return id === undefined ? [] : [{ code: 'admin-kept', id, columns: [] }]
}

async function databaseFacts({ db }: With<'db'>, isDamaged: boolean): Promise<CheckFacts['database']> {
  const keepsStatements = await db.keepsStatements()
  return { ...(await databaseSize(db)), logBytes: await logBytes(db), keepsStatements, isDamaged }
}

async function mailFacts(ctx: With<'db' | 'config'>, error: string | null): Promise<CheckFacts['mail']> {
  const { mail } = ctx.config
  const isInsecure = mail !== null && mail.tls === 'none' && !isLoopback(mail.host)
  return { isOn: mail !== null, isInsecure, error, ...(await outboxState(ctx)) }
}

async function programFacts({ db }: With<'db'>): Promise<CheckFacts['program']> {
  const status = await schemaStatus(db)
  const schema = 'version' in status ? status.version : status.wanted
  return { version: VERSION, node: NODE_VERSION, schema, wantedSchema: status.wanted }
}
