// podman with the recipes of deploy/: what a test builds or starts has a name of its own and is gone with the test.
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../support/databases.ts'
import { ROOT } from '../support/markdown.ts'
import { requireProgram } from './programs.ts'

/** Where no image can be pulled, `scripts/foreign-base-image.sh` makes this one. */
const OWN_BASE = 'localhost/doorward-test-base'
const LIMITS = join(import.meta.dirname, 'containers.conf')
const BUILDS_WITHIN = 900_000

/** Something to name images and containers with that no other process has. */
export const UNIQUE = `doorward-test-${process.pid}`

export interface Podman {
  /** Runs a command to its end; what it printed. Throws when it fails. */
  (...args: string[]): string
  /** The same for `podman-compose`. */
  readonly compose: (...args: string[]) => string
  /** Everything that a container has printed. */
  readonly logs: (container: string) => string
}

/** podman on this machine, with these variables for the compose file. */
export function podmanWith(env: Readonly<Record<string, string>> = {}): Podman {
  const run = (program: string, args: readonly string[]): { readonly stdout: string; readonly stderr: string } => {
    const { status, error, stdout, stderr } = spawnSync(requireProgram(program), args, {
      encoding: 'utf8',
      timeout: BUILDS_WITHIN,
      env: { ...process.env, CONTAINERS_CONF_OVERRIDE: LIMITS, ...env },
    })
    if (status === 0) return { stdout, stderr }
    throw new Error(`${program} ${args.join(' ')} failed (${error?.message ?? status}):\n${stdout}${stderr}`)
  }
  return Object.assign((...args: string[]) => run('podman', args).stdout, {
    compose: (...args: string[]) => run('podman-compose', args).stdout,
    logs: (container: string) => Object.values(run('podman', ['logs', container])).join(''),
  })
}

/** The image to build on: the one CONTAINER_TEST_BASE_IMAGE names, else the recipe's or our own where this machine has it. */
export function findBaseImage(podman: Podman): string | undefined {
  const recipe = readFileSync(join(ROOT, 'deploy', 'Containerfile'), 'utf8')
  const [, pinned = ''] = /^ARG BASE=(\S+)$/m.exec(recipe) ?? []
  return process.env['CONTAINER_TEST_BASE_IMAGE'] ?? [pinned, OWN_BASE].find((image) => exists(podman, image))
}

function exists(podman: Podman, image: string): boolean {
  try {
    podman('image', 'exists', image)
    return true
  } catch {
    return false
  }
}

/** Builds deploy/Containerfile from this clone; the name of the image. */
export function buildDoorward(t: TestContext, podman: Podman, base: string): string {
  return build(t, podman, ['--file', join(ROOT, 'deploy', 'Containerfile'), ROOT], { base, name: 'doorward' })
}

/** An image with this machine's Caddy, called and laid out as the official one. */
export async function buildCaddy(t: TestContext, podman: Podman, base: string): Promise<string> {
  const folder = await temporaryFolder(t)
  copyFileSync(requireProgram('caddy'), join(folder, 'caddy'))
  const lines = [
    'ARG BASE',
    'FROM ${BASE}',
    'COPY caddy /usr/bin/caddy',
    'ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data',
    'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
  ]
  writeFileSync(join(folder, 'Containerfile'), lines.join('\n'))
  return build(t, podman, [folder], { base, name: 'caddy' })
}

function build(
  t: TestContext,
  podman: Podman,
  source: readonly string[],
  { base, name }: { readonly base: string; readonly name: string },
): string {
  const image = `localhost/${UNIQUE}-${name}`
  podman('build', '--layers=false', '--format=docker', `--build-arg=BASE=${base}`, `--tag=${image}`, ...source)
  t.after(() => t.after(() => podman('image', 'rm', '--force', image)))
  return image
}
