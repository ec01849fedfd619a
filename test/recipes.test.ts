// The recipes of deploy/ as texts: what can be checked without their programs. test/foreign/ runs them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import { join, relative } from 'node:path'
import { test, type TestContext } from 'node:test'
import { parse } from 'yaml'

import { newProgram } from '#entry/cli/program.ts'
import { readSettingsFile } from '#foundation/platform/config/settings-file.ts'
import { isSettingName, SETTING_NAMES, settingOf, SETTINGS } from '#foundation/platform/config/settings.ts'
import { temporaryFolder } from './support/databases/temporary.ts'
import { blockBelow, readPage, ROOT } from './support/documentation/markdown.ts'

const recipe = (name: string): string => readFileSync(join(ROOT, 'deploy', name), 'utf8')
const SERVICE = recipe('doorward.service')
const INSTRUCTIONS = instructionsOf(recipe('Containerfile'))
const COMPOSE = parse(recipe('compose.yaml')) as Compose

interface Compose {
  readonly services: Readonly<Record<'doorward' | 'caddy', Service>>
  readonly networks: {
    readonly inside: {
      readonly internal: boolean
      readonly ipam: { readonly config: readonly [{ readonly subnet: string }] }
    }
  }
  readonly volumes: Readonly<Record<string, unknown>>
}

/** What a further compose file adds. */
interface Composed {
  readonly services: Readonly<Record<string, Pick<Service, 'volumes'>>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
}

interface Service {
  readonly image?: string
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly string[]
  readonly networks: Readonly<Record<string, { readonly ipv4_address?: string } | null>>
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly stop_grace_period?: string
}

interface Instruction {
  readonly name: string
  readonly rest: string
}

/** The instructions of a Containerfile, without comments, each on one line. */
function instructionsOf(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
      assert.notEqual(name, '', line)
      return { name, rest }
    })
}

function all(name: string): string[] {
  return INSTRUCTIONS.filter((instruction) => instruction.name === name).map(({ rest }) => rest)
}

/** The arguments of the only instruction of that name, such as `CMD`. */
function only(name: string): string {
  const found = all(name)
  assert.equal(found.length, 1, `${name}: ${found.join('; ')}`)
  return found[0] ?? ''
}

function seconds(span: string): number {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(span) ?? []
  assert.ok(count, span)
  return Number(count) * (unit === 'm' ? 60 : 1)
}

test('every setting that a recipe names exists, and none contains a secret', () => {
  const files = readdirSync(join(ROOT, 'deploy'))
  const composed = ['compose.mail.yaml', 'compose.yaml']
  const recipes = [
    'Caddyfile',
    'Containerfile',
    'apache-openid.conf',
    ...composed,
    'doorward.lua',
    'doorward.service',
    'haproxy.cfg',
    'nginx.conf',
    'pgbouncer.ini',
  ]
  assert.deepEqual(files.toSorted(), recipes)
  const known = new Set(SETTING_NAMES.flatMap((name) => [name, `${name}_file`] as string[]))
  const named = files.flatMap((file) =>
    [...recipe(file).matchAll(/DOORWARD_([A-Z_]*[A-Z])(?:[=:] ?(\S+))?/g)].map(([, name = '', value = '']) => ({
      file,
      name: name.toLowerCase(),
      value,
    })),
  )
  assert.ok(named.length > 8)
  for (const { file, name, value } of named) {
    assert.ok(known.has(name), `${file}: ${name} is no setting`)
    if (!isSettingName(name) || !settingOf(name).secret || value === '') continue
    assert.match(value, /:PASSWORD@/, `${file}: ${name} holds a secret`)
  }
})

test('the image is built on a pinned Node that is new enough, from files of the clone without data of its users', () => {
  const [, version = ''] = /^BASE=\S+\/node:(\d+\.\d+\.\d+)-[\w-]+$/.exec(only('ARG')) ?? []
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
  const oldest = /^>=([\d.]+)$/.exec(engines.node)?.[1] ?? ''
  assert.ok(version.localeCompare(oldest, 'en', { numeric: true }) >= 0, `${version} is older than ${oldest}`)
  assert.deepEqual(all('FROM'), ['${BASE} AS build', '${BASE}'])
  assert.deepEqual(all('ADD'), [])
  const copied = all('COPY')
    .filter((rest) => !rest.startsWith('--from='))
    .flatMap((rest) => rest.split(' ').slice(0, -1))
  const allowed = /^(package(-lock)?\.json|\.npmrc|LICENSE|CHANGELOG\.md|scripts|assets|bin|presets|src)$/
  const others = copied.filter((path) => !allowed.test(path))
  assert.deepEqual(others, [])
})

test('the image runs as an ordinary user, checks its health, and Node itself gets its signals', () => {
  const lastUser = all('USER').at(-1) ?? ''
  assert.match(lastUser, /^[1-9]\d*:[1-9]\d*$/)
  const check = /CMD (\[.*\])$/.exec(only('HEALTHCHECK'))?.[1] ?? '[]'
  const [program, command = ''] = JSON.parse(check) as string[]
  assert.equal(program, 'doorward')
  const commands = newProgram().commands.map((one) => one.name())
  assert.ok(commands.includes(command), command)
  const entry = JSON.parse(only('ENTRYPOINT')) as string[]
  assert.equal(entry[0], 'node')
  assert.deepEqual(JSON.parse(only('CMD')), ['serve'])
  const flags = entry.filter((word) => word.startsWith('--'))
  assert.ok(flags.some((flag) => flag.startsWith('--max-old-space-size=')))
  assert.ok(SERVICE.includes(`/node ${flags.join(' ')} /`), 'the service starts Node with other flags')
})

test('npm start gives Node the same flags as the recipes, and other commands run without the one of the server', async (t) => {
  const given = (...command: string[]): Promise<string[]> => launchedWith<string[]>(t, 'process.execArgv', command)
  const recommended = (JSON.parse(only('ENTRYPOINT')) as string[]).filter((word) => word.startsWith('--'))
  assert.deepEqual(await given('serve', '--quiet'), recommended)
  const ofOthers = recommended.filter((flag) => flag !== '--no-allocation-site-pretenuring')
  assert.deepEqual(await given('user', 'list'), ofOthers)
  const page = readFileSync(join(ROOT, 'docs', 'run.md'), 'utf8')
  const start = `node ${recommended.join(' ')} dist/doorward.js serve`
  assert.ok(page.includes(start), 'docs/run.md names other flags')
})

test('npm start, the image and the service limit the memory pools of glibc alike, and npm start keeps what the operator set', async (t) => {
  const given = (env: NodeJS.ProcessEnv): Promise<string> =>
    launchedWith<string>(t, 'process.env.MALLOC_ARENA_MAX', ['user', 'list'], env)
  const arenas = imageVariables()['MALLOC_ARENA_MAX']
  assert.match(SERVICE, new RegExp(`^Environment=MALLOC_ARENA_MAX=${arenas}$`, 'm'))
  assert.equal(await given({}), arenas)
  assert.equal(await given({ MALLOC_ARENA_MAX: '5' }), '5')
})

/** Starts a program as `npm start` and `npm run doorward` do, and returns the value of an expression in it. */
async function launchedWith<T>(
  t: TestContext,
  expression: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const file = join(await temporaryFolder(t), 'launched.mjs')
  writeFileSync(file, `process.stdout.write(JSON.stringify(${expression}))`)
  const words = [join(ROOT, 'scripts', 'launch.mjs'), 'program', relative(ROOT, file), ...command]
  const { MALLOC_ARENA_MAX: _, ...own } = process.env
  const launched = spawnSync(process.execPath, words, { encoding: 'utf8', env: { ...own, ...env } })
  assert.equal(launched.status, 0, launched.stderr)
  return JSON.parse(launched.stdout) as T
}

function imageVariables(): Readonly<Record<string, string>> {
  const pairs = only('ENV').split(' ')
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))
}

test('port, volume and data folder of the image are those that the compose file and the settings name', () => {
  assert.equal(imageVariables()['DOORWARD_DATA_DIR'], only('VOLUME'))
  assert.equal(only('EXPOSE'), SETTINGS.port.standard)
  const { doorward, caddy } = COMPOSE.services
  assert.equal(caddy.environment['UPSTREAM'], `doorward:${only('EXPOSE')}`)
  assert.deepEqual(doorward.volumes, [`data:${only('VOLUME')}`])
})

test('in the compose file Doorward trusts the fixed address of Caddy, and only Caddy can be reached', () => {
  const { doorward, caddy } = COMPOSE.services
  const ipAddress = caddy.networks['inside']?.ipv4_address ?? ''
  const own = doorward.networks['inside']?.ipv4_address ?? ''
  assert.equal(doorward.environment['DOORWARD_TRUSTED_PROXIES'], ipAddress)
  assert.notEqual(own, ipAddress)
  const [network = '', prefix = ''] = COMPOSE.networks.inside.ipam.config[0].subnet.split('/')
  const subnet = new BlockList()
  subnet.addSubnet(network, Number(prefix))
  assert.ok(subnet.check(ipAddress) && subnet.check(own))
  assert.deepEqual([Object.keys(doorward.networks), doorward.ports], [['inside'], undefined])
  assert.deepEqual(caddy.ports, ['80:80', '443:443', '443:443/udp'])
})

test('only the recipe for mail gives Doorward a network that leads out, and its configuration is where Doorward looks', () => {
  assert.equal(COMPOSE.networks.inside.internal, true)
  const { services, networks } = parse(recipe('compose.mail.yaml')) as Composed
  assert.deepEqual([Object.keys(services), Object.keys(networks)], [['doorward'], ['mail']])
  assert.equal(networks['mail']?.internal ?? false, false)
  const { volumes } = services['doorward'] ?? assert.fail()
  const mounted = new Map(volumes.map((each) => each.split(':')).map(([from, to]) => [from, to]))
  const known = readSettingsFile(
    {
      flags: {},
      env: {},
      cwd: '/data',
      readFile: (path) => (path === mounted.get('./doorward.toml') ? '' : undefined),
    },
    [],
  )
  assert.equal(known?.path, '/etc/doorward/config.toml')
  const example = blockBelow(readPage('docs/mail.md'), 'Turn it on')
  assert.ok(example.includes(`mail_password_file = "${mounted.get('./mail-password')}"`), example)
})

test('no service of the compose file can write to its image or gain rights, and all that it names is there', () => {
  for (const service of Object.values(COMPOSE.services)) {
    assert.equal(service.read_only, true)
    assert.deepEqual(service.cap_drop, ['ALL'])
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'])
  }
  assert.match(COMPOSE.services.caddy.image ?? '', /:\d+\.\d+\.\d+-alpine$/)
  const sources = Object.values(COMPOSE.services).flatMap(({ volumes }) =>
    volumes.map((each) => each.split(':')[0] ?? ''),
  )
  const missing = sources.filter((source) => source.startsWith('.') && !existsSync(join(ROOT, 'deploy', source)))
  assert.deepEqual(missing, [])
  const volumes = sources.filter((source) => !source.startsWith('.'))
  assert.deepEqual(volumes.toSorted(), Object.keys(COMPOSE.volumes).toSorted())
})

test('every supervisor waits longer than Doorward takes to finish the requests in progress', () => {
  const grace = seconds(SETTINGS.shutdown_grace.standard)
  const [, service = ''] = /^TimeoutStopSec=(.*)$/m.exec(SERVICE) ?? []
  for (const span of [service, COMPOSE.services.doorward.stop_grace_period ?? ''])
    assert.ok(seconds(span) > grace, span)
})

test('systemd finds no fault in the service, nor in the lines that it offers, and rates it as well contained', async (t) => {
  assert.match(SERVICE, /^\[Unit\]\n[^]*^\[Service\]\nExecStart=\/[^]*^\[Install\]\n/m)
  if (spawnSync('systemd-analyze', ['--version']).error !== undefined)
    return t.diagnostic('Not run: systemd-analyze, which this machine lacks; the service was only read.')
  const folder = await temporaryFolder(t)
  const [, program = ''] = /^ExecStart=\S+ .* (\/\S+\.js) serve$/m.exec(SERVICE) ?? []
  const here = SERVICE.replace('/usr/bin/node', process.execPath).replace(program, join(ROOT, 'package.json'))
  const offered = here.replaceAll(/^# {3}(?=LoadCredential=|Environment=)/gm, '')
  assert.notEqual(offered, here)
  for (const text of [here, offered]) {
    const file = join(folder, 'doorward.service')
    writeFileSync(file, text)
    const verified = systemdAnalyze('verify', file)
    // systemd-analyze also reads the units that this one requires, and may complain about those of this machine.
    const complaints = verified.output.split('\n').filter((line) => line.includes('doorward'))
    assert.deepEqual(complaints, [])
    assert.equal(verified.status, 0, verified.output)
    const security = systemdAnalyze('security', '--offline=true', '--threshold=15', '--no-pager', file)
    assert.equal(security.status, 0, security.output)
  }
})

function systemdAnalyze(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}
