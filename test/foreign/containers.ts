// podman with the recipes of deploy/: the images and containers of a test have unique names and are removed with the test.
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../support/databases/temporary.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { requireProgram } from './programs.ts'

/** The base image that `scripts/foreign-base-image.sh` makes where no image can be pulled. */
const OWN_BASE = 'localhost/doorward-test-base'
const LIMITS = join(import.meta.dirname, 'containers.conf')
/** A guard against hanging, in milliseconds: a quiet machine builds and runs an image in 30 seconds. */
export const BUILDS_WITHIN = 900_000

/** A prefix for the names of images and containers that no other process uses. */
export const UNIQUE = `doorward-test-${process.pid}`

export interface Podman {
  /** Runs a command to its end; returns stdout. Throws when it fails. */
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

/** The base image: that of CONTAINER_TEST_BASE_IMAGE, else the recipe's or our own where this machine has it; undefined without any. */
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

/** The images of a test file, each built once and removed when the file has ended. */
export class Images {
  readonly #podman: Podman
  readonly #base: string
  readonly #built = new Map<string, string>()

  constructor(podman: Podman, base: string) {
    this.#podman = podman
    this.#base = base
  }

  remove(): void {
    for (const image of this.#built.values()) this.#podman('image', 'rm', '--force', image)
  }

  /** The image of deploy/Containerfile, from this clone. */
  doorward(): string {
    return this.#build('doorward', ['--file', join(ROOT, 'deploy', 'Containerfile'), ROOT])
  }

  /** An image with this machine's Caddy, laid out as the official one. */
  async caddy(t: TestContext): Promise<string> {
    const folder = await temporaryFolder(t)
    copyFileSync(requireProgram('caddy'), join(folder, 'caddy'))
    const lines = [
      'COPY caddy /usr/bin/caddy',
      'ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data',
      'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
    ]
    return this.#buildFrom(folder, 'caddy', lines)
  }

  /** An image with systemd, the package where npm installs it, and the user of the service. */
  async systemd(t: TestContext): Promise<string> {
    const lines = [
      'RUN apt-get update -qq && apt-get install -qq --no-install-recommends systemd',
      'RUN useradd --system --home-dir /var/lib/doorward --shell /usr/sbin/nologin doorward && mkdir /etc/doorward',
      `COPY --from=${this.doorward()} /opt/doorward /usr/local/lib/node_modules/doorward`,
      'CMD ["/usr/lib/systemd/systemd"]',
    ]
    return this.#buildFrom(await temporaryFolder(t), 'systemd', lines)
  }

  #buildFrom(folder: string, name: string, lines: readonly string[]): string {
    writeFileSync(join(folder, 'Containerfile'), ['ARG BASE', 'FROM ${BASE}', ...lines].join('\n'))
    return this.#build(name, [folder])
  }

  #build(name: string, source: readonly string[]): string {
    const image = `localhost/${UNIQUE}-${name}`
    if (this.#built.has(name)) return image
    const flags = ['--layers=false', '--format=docker', `--build-arg=BASE=${this.#base}`, `--tag=${image}`]
    this.#podman('build', ...flags, ...source)
    this.#built.set(name, image)
    return image
  }
}
