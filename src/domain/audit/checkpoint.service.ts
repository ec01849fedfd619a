// Checkpoints: signed ends of the chain, kept outside the database (a signed tree head, RFC 6962 §3.5). An attacker who can write to
// the database can recompute or truncate the log, but not these.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { ownDatabaseUrl } from '#foundation/platform/config/database-url.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { makeDataFolder } from '#foundation/platform/data-folder.ts'
import { canonicalLocation } from '#foundation/platform/database/dialect.ts'
import { type ChainEnd, type ChainKeys, macText, matchMac } from './chain.ts'

export interface Checkpoint extends ChainEnd {
  readonly at: Instant
  /** `<key id>.<HMAC over position, chain MAC and time>` */
  readonly mac: string
}

/** The contents of a file of checkpoints. */
export interface Checkpoints {
  readonly path: string
  readonly checkpoints: readonly Checkpoint[]
  /** How many lines have the form of a checkpoint, but no MAC of our keys. */
  readonly forged: number
}

type CheckpointLocation = Pick<Config, 'dataDir' | 'databaseUrl'>

/** Returns the path of the checkpoints of the configured database, and the path that builds before 0.1.0 used. */
export async function checkpointPaths({ dataDir, databaseUrl }: CheckpointLocation) {
  const own = await canonicalLocation(Secret.of(ownDatabaseUrl(dataDir)))
  const suffix = suffixFor(await canonicalLocation(databaseUrl), own)
  return { path: join(dataDir, `audit-checkpoints${suffix}`), formerPath: join(dataDir, `audit-head${suffix}`) }
}

/**
 * Returns the suffix of the file's name, which differs for each location of a database: a data folder may have served several, and
 * checkpoints of another chain would be reported as a truncated or recomputed log. None for the data folder's `own` database.
 */
export function suffixFor(database: string, own: string): string {
  return database === own ? '' : `.${createHash('sha256').update(database).digest('hex').slice(0, 16)}`
}

/** Returns a checkpoint of the end of the chain, with its MAC. */
export function newCheckpoint({ position, chainMac }: ChainEnd, at: Instant, keys: ChainKeys): Checkpoint {
  return { position, chainMac, at, mac: macText(keys, checkpointText({ position, chainMac, at })) }
}

/**
 * Appends a line to the file, which only its owner can read. A file with the former name is renamed first, atomically: after a crash its
 * lines are in one of the two files, both of which are read. An existing file is never replaced.
 */
export async function appendCheckpoint(location: CheckpointLocation, checkpoint: Checkpoint): Promise<void> {
  const { path, formerPath } = await checkpointPaths(location)
  makeDataFolder(dirname(path))
  if (!existsSync(path)) await rename(formerPath, path).catch(ignoreMissingFile)
  // JSON, in which the chain MAC is named `seal`, as in the lines of earlier builds.
  const { position, chainMac: seal, at, mac } = checkpoint
  const line = JSON.stringify({ position, seal, at, mac })
  // The leading line break ends a line that a power cut has left unfinished.
  await appendFile(path, `\n${line}\n`, { mode: 0o600, flush: true })
}

/**
 * Returns the checkpoints of the configured database, in the order in which they were written; none if there is no file. Lines of the
 * file with the former name come first; if only that file has any, `path` is its path.
 */
export async function readCheckpoints(location: CheckpointLocation, keys: ChainKeys): Promise<Checkpoints> {
  const { path, formerPath } = await checkpointPaths(location)
  // The former file is read first, because another process may rename it between the two reads.
  const former = await readCheckpointFile(formerPath, keys)
  const current = await readCheckpointFile(path, keys)
  const isFormerOnly = !existsSync(path) && former.checkpoints.length + former.forged > 0
  return {
    path: isFormerOnly ? formerPath : path,
    checkpoints: [...former.checkpoints, ...current.checkpoints],
    forged: former.forged + current.forged,
  }
}

/** Returns the checkpoints of one file; none if it does not exist. A line that a power cut has left unfinished is ignored. */
export async function readCheckpointFile(path: string, keys: ChainKeys): Promise<Checkpoints> {
  const text = (await readFile(path, 'utf8').catch(ignoreMissingFile)) ?? ''
  const lines = text.split('\n').flatMap((line) => parseLine(line) ?? [])
  const checkpoints = lines.filter((line) => matchMac(keys, line.mac, checkpointText(line)) === 'right')
  return { path, checkpoints, forged: lines.length - checkpoints.length }
}

/** Returns undefined for a line without the form of a checkpoint. */
function parseLine(line: string): Checkpoint | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const { position, seal: chainMac, at, mac } = parsed as Record<string, unknown>
    if (typeof chainMac !== 'string' || typeof mac !== 'string') return undefined
    if (!Number.isSafeInteger(position) || !Number.isSafeInteger(at)) return undefined
    return { position: Number(position), chainMac, at: Number(at), mac }
  } catch {
    return undefined
  }
}

/** Returns the bytes under the MAC; they never change, so that stored checkpoints stay valid. */
function checkpointText({ position, chainMac, at }: ChainEnd & { at: Instant }): string {
  return JSON.stringify(['head', position, chainMac, at])
}

function ignoreMissingFile(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
