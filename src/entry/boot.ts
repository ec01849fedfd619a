// Opens what every command needs: database, migrations, keyring, hasher, logger.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { sealNextPlaintextSecrets } from '#domain/factors/totp/plaintext-secret.service.ts'
import { BEFORE_EVERY_ID, completeNextRows } from '#domain/users/external-rows/external-row.service.ts'
import { importedHashes } from '#domain/users/external-rows/imported-hashes.service.ts'
import { type Context, contextFor, type Dependencies } from '#foundation/context.ts'
import type { Principal } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { type Clock, type JumpKind, systemClock } from '#foundation/platform/clock.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { forgetKeys, type Keyring, loadKeyring } from '#foundation/platform/crypto/keyring.ts'
import { databaseFacts } from '#foundation/platform/database/database-facts.ts'
import { openDatabase } from '#foundation/platform/database/dialect.ts'
import { type Birth, migrate, type MigrationReport } from '#foundation/platform/database/migrate.ts'
import { isVacuumPending, secureVacuum } from '#foundation/platform/database/secure-vacuum.ts'
import { WriteProbe } from '#foundation/platform/database/write-probe.ts'
import { idMaker } from '#foundation/platform/ids.ts'
import { newLimits } from '#foundation/platform/limits.ts'
import { type Logger, newLogger } from '#foundation/platform/logging/logger.ts'
import { type Outbound, systemOutbound } from '#foundation/platform/network/outbound.ts'
import type { WorkerPool } from '#foundation/platform/passwords/hash-workers.ts'
import { newKnownPasswords } from '#foundation/platform/passwords/known-passwords.ts'
import { newPasswordHasher } from '#foundation/platform/passwords/password-hasher.ts'
import { randomBytes } from '#foundation/platform/system.ts'
import {
  type KeyLossImpact,
  NO_IMPACT,
  revokeSecretsOf,
} from '#use-cases/administration/key-recovery/key-recovery.service.ts'

/** The principal of the command line, which runs on the server's own machine. */
export const OPERATOR: Principal = {
  kind: 'operator',
  source: { ipAddress: 'local', network: 'local', userAgent: 'command line', deviceCookie: null },
}

export interface BootOptions {
  /** Whether a missing database is created: only by `serve` and `db migrate`. */
  readonly createDatabase: boolean
  readonly clock?: Clock
  readonly log?: Logger
  /** How hosts are reached that strangers name, by default over the network of the machine. */
  readonly outbound?: Outbound
  /** Called with the text of every statement, never with a value. */
  readonly onStatement?: (text: string) => void
  /** Called once when another process is migrating the same database. */
  readonly onMigrationWait?: () => void
  /** In bytes: a larger file is not vacuumed, so traces of plaintext TOTP secrets stay in it. Absent: no limit. */
  readonly largestScrub?: number
  /** Runs the password hashes, by default in workers of its own. It is closed with the application. */
  readonly hashWorkers?: WorkerPool
  /** Ids of lost keys: the start does not require them, and what only they could open is deleted. */
  readonly forgetKeys?: readonly string[]
}

export interface BootReport extends MigrationReport {
  /** How many plaintext TOTP secrets this start sealed. */
  readonly sealed: number
  /** True if more externally inserted rows or secrets exist than a start completes; a job of the server completes the others. */
  readonly inBackground: boolean
  /** True if no plaintext of a sealed secret is left in the file; false if another program held the file open or the file is too large. */
  readonly scrubbed: boolean
  /** Users who must set up a new second factor, because the key that sealed theirs was removed by this start. */
  readonly leftWithoutFactor: number
  /** Users who need a new password, because the pepper of their hash was removed by this start. */
  readonly leftWithoutPassword: number
}

export type Application = Dependencies & AsyncDisposable & { readonly report: BootReport; close(): Promise<void> }

/**
 * Opens the database and, in one transaction, creates or migrates its schema or upgrades a legacy database in place, loads the keyring,
 * completes externally inserted rows and seals plaintext TOTP secrets; the last two up to a fixed number. If a step fails, everything that
 * was opened is closed again, and the promise rejects with the error, whose message is a sentence for the operator.
 */
export async function openApplication(config: Config, options: BootOptions): Promise<Application> {
  const { clock = systemClock(), log = newLogger(config), onStatement } = options
  const unlisten = clock.onJump(({ kind, by }) => log.warn({ milliseconds: by }, JUMPS[kind]))
  const db = await openDatabase(config, {
    create: options.createDatabase,
    // While password hashes wait for a worker, the committed transactions can wait for each other too (group commit).
    shouldBatch: () => hasher.hasBacklog(),
    ...(onStatement && { onStatement }),
  })
  const hasher = newPasswordHasher(config.hash, options.hashWorkers)
  const makeId = idMaker(randomBytes)
  const opened: Opened = {
    db,
    random: randomBytes,
    hasher,
    knownPasswords: newKnownPasswords({ url: config.breachedPasswordsUrl, clock, log }),
    config,
    log,
    limits: newLimits(),
    outbound: options.outbound ?? systemOutbound,
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
    return { ...opened, newId: () => makeId(clock.now()), keyring, report, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    // The first error is the one that the operator needs. An error while closing follows from it, so it is logged only.
    await close().catch((later: unknown) => log.debug({ err: later }, 'closing after a failed start failed'))
    throw error
  }
}

/**
 * Measures how slow the remaining imported password hashes are, so that every refusal can take as long (user enumeration). Refusals wait
 * for the measurement, the start does not. If the queue of the hash workers is full, the first sign-in with such a hash measures it.
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

/** What is opened before the keyring, which is stored in the database. */
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
      const ctx = { ...contextFor({ ...opened, db, keyring, newId: () => makeId(now) }, OPERATOR), db }
      const left = lost.length === 0 ? NO_IMPACT : await revokeSecretsOf(ctx, lost)
      found = { keyring, taken: await completeExternalRows(ctx, birth), left }
    },
  })
  if (found === undefined) throw new Error('The database was migrated without its keyring')
  const { keyring, taken, left } = found
  const { sealed, inBackground } = taken
  // A vacuum rewrites the whole file, so a command beside a running server vacuums only what it sealed itself; the next start of the server
  // does the rest. If more secrets are to be sealed in the background, a vacuum now would have to be repeated afterwards.
  const isDue = (sealed > 0 || createDatabase) && !inBackground
  if (isDue && (await isVacuumPending(opened.db))) await secureVacuum(opened.db, { largest })
  const scrubbed = !(await isVacuumPending(opened.db))
  const { withoutFactor: leftWithoutFactor, withoutPassword: leftWithoutPassword } = left
  return { keyring, report: { ...migration, ...taken, scrubbed, leftWithoutFactor, leftWithoutPassword } }
}

/** How many rows and secrets are completed before the server accepts requests; a job completes the others. */
const AT_START = 200

type TakenIn = Pick<BootReport, 'sealed' | 'inBackground'>

/** Completes the first externally inserted rows. If another process is doing the same, the function returns without waiting for it. */
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
