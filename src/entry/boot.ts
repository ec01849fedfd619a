// Opens everything a program of ours holds: database, keyring, hasher, logger.
import { revokeSecretsOf, NO_IMPACT } from '../use-cases/administration/key-recovery/key-recovery.service.ts'
import type { KeyLossImpact } from '../use-cases/administration/key-recovery/key-recovery.service.ts'
import { recordEvent } from '../domain/audit/audit.service.ts'
import type { Context, Dependencies } from '../foundation/context.ts'
import { contextFor } from '../foundation/context.ts'
import { sealNextPlaintextSecrets } from '../domain/factors/totp/plaintext-secret.service.ts'
import type { Principal } from '../foundation/kernel/principal.ts'
import type { Instant } from '../foundation/kernel/time.ts'
import { systemClock } from '../foundation/platform/clock.ts'
import type { Clock, Jump, JumpKind } from '../foundation/platform/clock.ts'
import type { Config } from '../foundation/platform/config/types.ts'
import { databaseFacts } from '../foundation/platform/database/database-facts.ts'
import { openDatabase } from '../foundation/platform/database/dialect.ts'
import { migrate } from '../foundation/platform/database/migrate.ts'
import type { Birth, MigrationReport } from '../foundation/platform/database/migrate.ts'
import { isVacuumPending, secureVacuum } from '../foundation/platform/database/secure-vacuum.ts'
import { WriteProbe } from '../foundation/platform/database/write-probe.ts'
import { forgetKeys, loadKeyring } from '../foundation/platform/crypto/keyring.ts'
import type { Keyring } from '../foundation/platform/crypto/keyring.ts'
import { newKnownPasswords } from '../foundation/platform/passwords/known-passwords.ts'
import { newLimits } from '../foundation/platform/limits.ts'
import { newLogger } from '../foundation/platform/logging/logger.ts'
import type { Logger } from '../foundation/platform/logging/logger.ts'
import { newPasswordHasher } from '../foundation/platform/passwords/password-hasher.ts'
import { randomBytes } from '../foundation/platform/crypto/random.ts'
import { idMaker } from '../foundation/platform/ids.ts'
import { importedHashes } from '../domain/users/imported-hashes.service.ts'
import { BEFORE_EVERY_ID } from '../domain/users/external-batch.ts'
import { completeNextRows } from '../domain/users/user.service.ts'

/** The principal of a command on the machine itself. */
export const OPERATOR: Principal = {
  kind: 'operator',
  source: { ipAddress: 'local', network: 'local', userAgent: 'command line', deviceCookie: null },
}

export interface BootOptions {
  /** Only `serve` and `db migrate` make a database that is not there. */
  readonly createDatabase: boolean
  readonly clock?: Clock
  readonly log?: Logger
  /** Hears the text of every statement; never a value. */
  readonly onStatement?: (text: string) => void
  /** Called once when another process is migrating the same database. */
  readonly onMigrationWait?: () => void
  /** In bytes: a larger file is not rewritten to remove the traces of plain code secrets. No limit when left out. */
  readonly largestScrub?: number
  /** Ids of lost keys to do without, and to drop what only they could open. */
  readonly forgetKeys?: readonly string[]
}

export interface BootReport extends MigrationReport {
  /** Plain code secrets that were sealed just now. */
  readonly sealed: number
  /** Whether other programs inserted more rows or secrets than a start completes; the server does the rest while it runs. */
  readonly inBackground: boolean
  /** Whether what was sealed, now or before, is also gone from the file; false when another program kept it open, or it is too large. */
  readonly scrubbed: boolean
  /** Users who must set up a new second factor because the key to theirs was forgotten just now. */
  readonly leftWithoutFactor: number
  /** Users who need a new password because the pepper of theirs was forgotten just now. */
  readonly leftWithoutPassword: number
}

export type Application = Dependencies & { readonly report: BootReport; close(): Promise<void> }

/**
 * Opens the database, brings its tables up to date or takes over the origin app's, finds the keyring, completes rows from
 * elsewhere and seals plain code secrets, both up to a fixed number, all in one transaction. Throws a sentence for the operator
 * when any of that fails.
 */
export async function openApplication(config: Config, options: BootOptions): Promise<Application> {
  const { clock = systemClock(), log = newLogger(config), onStatement } = options
  const unlisten = clock.onJump((jump) => logJump(log, jump))
  const db = await openDatabase(config, {
    create: options.createDatabase,
    // While many wait for their hash, the commits of a few can wait for each other.
    shouldBatch: () => hasher.hasBacklog(),
    ...(onStatement && { onStatement }),
  })
  const hasher = newPasswordHasher(config.hash)
  const makeId = idMaker(randomBytes)
  const opened: Opened = {
    db,
    random: randomBytes,
    hasher,
    knownPasswords: newKnownPasswords({ url: config.breachedPasswordsUrl, clock, log }),
    config,
    log,
    limits: newLimits(),
    clock,
    writeProbe: new WriteProbe({ db, log }),
  }
  const close = async (): Promise<void> => {
    unlisten()
    try {
      await hasher.close()
    } finally {
      await db.destroy()
    }
  }
  try {
    const { keyring, report } = await initialize(opened, makeId, options)
    return { ...opened, newId: () => makeId(clock.now()), keyring, report, close }
  } catch (error) {
    // Why it cannot start is what the operator needs; whatever fails while closing follows from it.
    await close().catch((later: unknown) => log.debug({ err: later }, 'closing after a failed start failed'))
    throw error
  }
}

/**
 * Measures how slow the imported password hashes are that remain, so that every refusal can take as long. Refusals wait
 * for the measurement; the start need not. Where the queue is full, the first such sign-in measures.
 */
export function calibrateImportedHashes({ db, hasher, log }: Dependencies): void {
  importedHashes({ db })
    .then((hashes) => hasher.calibrate(hashes))
    .catch((error: unknown) =>
      log.debug({ err: error }, 'imported hashes were not measured; the first sign-in with one measures them'),
    )
}

const JUMPS: Readonly<Record<JumpKind, string>> = {
  ahead: 'machine clock jumped ahead; not followed until it has stayed there',
  followed: 'machine clock stayed ahead; followed from now on',
  withdrawn: 'machine clock came back before it was followed; nothing changes',
  back: 'machine clock jumped back; followed at once',
}

function logJump(log: Logger, { kind, by }: Jump): void {
  log.warn({ milliseconds: by }, JUMPS[kind])
}

/** What is there before the keyring is. */
type Opened = Omit<Dependencies, 'newId' | 'keyring'>

async function initialize(
  opened: Opened,
  makeId: (now: Instant) => string,
  { createDatabase, onMigrationWait, largestScrub: largest = Infinity, forgetKeys: lost = [] }: BootOptions,
): Promise<{ keyring: Keyring; report: BootReport }> {
  const { config, clock } = opened
  const now = clock.now()
  let found: { keyring: Keyring; taken: TakenIn; left: KeyLossImpact } | undefined
  const migration = await migrate(opened.db, {
    now,
    ...(onMigrationWait && { onLockWait: onMigrationWait }),
    within: async (db, birth) => {
      await forgetKeys(db, lost)
      const keyring = await loadKeyring({ config, db, random: randomBytes, now })
      const ctx = contextFor({ ...opened, db, keyring, newId: () => makeId(now) }, OPERATOR)
      const left = lost.length === 0 ? NO_IMPACT : await revokeSecretsOf(ctx, lost)
      found = { keyring, taken: await completeExternalRows(ctx, birth), left }
    },
  })
  if (found === undefined) throw new Error('The database was migrated without its keyring')
  const { keyring, taken, left } = found
  const { sealed, inBackground } = taken
  // Rewriting a large file takes long: a command beside the server leaves it to the next start, unless it sealed something. Where
  // more is to be sealed, the file would have to be rewritten again.
  const isDue = (sealed > 0 || createDatabase) && !inBackground
  if (isDue && (await isVacuumPending(opened.db))) await secureVacuum(opened.db, { largest })
  const scrubbed = !(await isVacuumPending(opened.db))
  const { withoutFactor: leftWithoutFactor, withoutPassword: leftWithoutPassword } = left
  return { keyring, report: { ...migration, ...taken, scrubbed, leftWithoutFactor, leftWithoutPassword } }
}

/** How many rows and secrets are completed before the server serves; the rest is done in the background. */
const AT_START = 200

type TakenIn = Pick<BootReport, 'sealed' | 'inBackground'>

/** Completes the first rows that another program inserted. Does not wait for a process that is doing the same. */
async function completeExternalRows(ctx: Context, { upgradedLegacy }: Birth): Promise<TakenIn> {
  const rows = await completeNextRows(ctx, BEFORE_EVERY_ID, AT_START)
  const secrets = await sealNextPlaintextSecrets(ctx, BEFORE_EVERY_ID, AT_START)
  const sealed = secrets?.done ?? 0
  if (upgradedLegacy) {
    const { users } = await databaseFacts(ctx.db)
    await recordEvent(ctx, { action: 'database.upgraded', details: { users, sealed } })
  }
  return { sealed, inBackground: rows?.next !== undefined || secrets?.next !== undefined }
}
