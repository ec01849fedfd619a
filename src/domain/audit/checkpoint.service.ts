// Checkpoints: signed ends of the chain, kept outside the database (a signed tree head, RFC 6962 §3.5). An attacker who can write to
// the database can recompute or truncate the log, but not these.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { Secret } from '../../foundation/kernel/secret.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import { databaseAddress } from '../../foundation/platform/database/database-address.ts'
import { ownDatabaseUrl } from '../../foundation/platform/config/own-database.ts'
import { makeDataFolder } from '../../foundation/platform/folder.ts'
import { matchMac, macText } from './chain.ts'
import type { ChainEnd, ChainKeys } from './chain.ts'

export interface Checkpoint extends ChainEnd {
  readonly at: Instant
  /** `<key id>.<HMAC over position, chain MAC and time>` */
  readonly mac: string
}

/** What a file of checkpoints holds. */
export interface Checkpoints {
  readonly path: string
  readonly checkpoints: readonly Checkpoint[]
  /** How many lines have the form of a checkpoint, but no MAC of our keys. */
  readonly forged: number
}

type Place = Pick<Config, 'dataDir' | 'databaseUrl'>

/** The file of the configured database's checkpoints, and the one in which builds before 0.1.0 wrote them. */
export async function checkpointPaths({ dataDir, databaseUrl }: Place): Promise<{ path: string; formerPath: string }> {
  const own = await databaseAddress(Secret.of(ownDatabaseUrl(dataDir)))
  const suffix = suffixFor(await databaseAddress(databaseUrl), own)
  return { path: join(dataDir, `audit-checkpoints${suffix}`), formerPath: join(dataDir, `audit-head${suffix}`) }
}

/**
 * The end of the file's name, different for each database: a data folder may have served several, and checkpoints of another chain
 * would be reported as a truncated or recomputed log.
 * @param database where it is configured to be
 * @param own where the data folder's own database is
 */
export function suffixFor(database: string, own: string): string {
  return database === own ? '' : `.${createHash('sha256').update(database).digest('hex').slice(0, 16)}`
}

export function newCheckpoint({ position, chainMac }: ChainEnd, at: Instant, keys: ChainKeys): Checkpoint {
  return { position, chainMac, at, mac: macText(keys.mac(checkpointText({ position, chainMac, at }))) }
}

/**
 * Adds a line to the file, which only its owner may read. A file under the former name gets the present name first, by one atomic
 * rename: after a crash its lines are in one of the two, both of which are read. A present file is never replaced.
 */
export async function appendCheckpoint(place: Place, checkpoint: Checkpoint): Promise<void> {
  const { path, formerPath } = await checkpointPaths(place)
  makeDataFolder(dirname(path))
  if (!existsSync(path)) await rename(formerPath, path).catch(unlessMissing)
  // The line break in front ends a line that a power cut left unfinished.
  await appendFile(path, `\n${lineOf(checkpoint)}\n`, { mode: 0o600, flush: true })
}

/**
 * The checkpoints of the configured database, in the order in which they were written; none where there is no file. Lines of a file
 * under the former name come first; where only that one holds any, its path is returned.
 */
export async function readCheckpoints(place: Place, keys: ChainKeys): Promise<Checkpoints> {
  const { path, formerPath } = await checkpointPaths(place)
  // In this order, since another process may rename the file between the two reads.
  const former = await readCheckpointFile(formerPath, keys)
  const present = await readCheckpointFile(path, keys)
  const isFormerOnly = !existsSync(path) && former.checkpoints.length + former.forged > 0
  return {
    path: isFormerOnly ? formerPath : path,
    checkpoints: [...former.checkpoints, ...present.checkpoints],
    forged: former.forged + present.forged,
  }
}

/** The checkpoints of one file; none when it does not exist. A line that a power cut left unfinished is ignored. */
export async function readCheckpointFile(path: string, keys: ChainKeys): Promise<Checkpoints> {
  const text = (await readFile(path, 'utf8').catch(unlessMissing)) ?? ''
  const lines = text.split('\n').flatMap((line) => parseLine(line) ?? [])
  const checkpoints = lines.filter((line) => matchMac(keys, line.mac, checkpointText(line)) === 'right')
  return { path, checkpoints, forged: lines.length - checkpoints.length }
}

/** JSON. The chain MAC has the name `seal` there, as in the lines of earlier builds. */
function lineOf({ position, chainMac, at, mac }: Checkpoint): string {
  return JSON.stringify({ position, seal: chainMac, at, mac })
}

/** Undefined for what never had the form of a checkpoint, such as the line of another file. */
function parseLine(line: string): Checkpoint | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const { position, seal: chainMac, at, mac } = parsed as Record<string, unknown>
    if (typeof chainMac !== 'string' || typeof mac !== 'string') return undefined
    return isInteger(position) && isInteger(at) ? { position, chainMac, at, mac } : undefined
  } catch {
    return undefined
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

/** The bytes under the MAC, which never change. */
function checkpointText({ position, chainMac, at }: ChainEnd & { at: Instant }): string {
  return JSON.stringify(['head', position, chainMac, at])
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
