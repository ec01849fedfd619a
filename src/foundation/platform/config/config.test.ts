import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'

import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { faultsOf, loadTexts, locationsOf } from '#test/support/server/loaded-config.ts'
import { loadConfig, showConfig } from './config.ts'
import { configFlags, configurationPage } from './manual.ts'
import { flagOf, SETTING_NAMES, SETTINGS, variableOf } from './settings.ts'
import type { ConfigInput } from './types.ts'

/** Settings without which a setting alone is a fault. */
const REQUIRED_BESIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  host: { insecure_http: 'true' },
  mail_host: { mail_from: 'accounts@example.org' },
  registration: { mail_host: 'localhost', mail_from: 'accounts@example.org' },
}

suite('configuration', () => {
  test('every setting has a default', () => {
    const { config, file } = loadTexts()
    assert.equal(file, null)
    assert.equal(config.publicUrl, 'http://localhost:8000')
    assert.equal(config.dataDir, '/srv/here/data')
    assert.equal(config.databaseUrl.reveal(), 'sqlite:/srv/here/data/doorward.db')
    assert.equal(config.keyring, null)
    assert.deepEqual(config.policySettings, {
      secondFactor: 'required',
      sessionIdle: hours(1),
      sessionAbsolute: hours(24),
      passwordMinimum: 8,
      twoPersonRule: false,
      approvalWait: hours(24),
      setExplicitly: [],
    })
    assert.deepEqual([config.reauthenticationLifetime, config.attemptLifetime], [minutes(10), minutes(15)])
    assert.deepEqual([config.setupLinkLifetime, config.invitationLifetime], [minutes(30), days(7)])
    assert.deepEqual([config.accessTokenLifetime, config.refreshTokenLifetime], [minutes(10), days(30)])
    assert.deepEqual([config.pepper, config.breachedPasswordsUrl], [false, null])
    assert.deepEqual([config.hash.memory, config.hash.passes, config.hash.parallelism], [19_456, 2, 1])
    assert.ok(config.hash.workers >= 1)
    assert.equal(config.weakHash, false)
  })

  test('a policy for everyone cannot replace a setting that has a value of its own, even that of the default', () => {
    const { config } = loadTexts({ flags: { second_factor: 'required', 'proof-lifetime': '5m' } })
    assert.deepEqual(config.policySettings.setExplicitly, ['secondFactor', 'reauthentication'])
  })

  for (const name of SETTING_NAMES) {
    test(`${name} is read from a flag, else the environment, else the file, and its source is shown`, () => {
      const text = SETTINGS[name].example
      const neverFlag = 'neverFlag' in SETTINGS[name]
      const others = REQUIRED_BESIDE[name] ?? {}
      const flags = { [name.replaceAll('_', '-')]: text }
      const env = { [variableOf(name)]: text }
      const files = { '/srv/here/doorward.toml': `${name} = '${text}'` }
      const fromFlag = { input: { flags: { ...others, ...flags }, env, files }, source: 'flag', detail: flagOf(name) }
      const layers = [
        ...(neverFlag ? [] : [fromFlag]),
        { input: { flags: others, env, files }, source: 'environment', detail: variableOf(name) },
        { input: { flags: others, files }, source: 'file', detail: '/srv/here/doorward.toml' },
        { input: { flags: others }, source: 'default', detail: 'default' },
      ]
      for (const { input, source, detail } of layers) {
        const loaded = loadTexts(input)
        assert.deepEqual(loaded.origins[name], { source, detail })
        const shown = showConfig(loaded).find(({ key }) => key === name)
        assert.deepEqual([shown?.source, shown?.detail], [source, detail])
      }
    })
  }

  test('a former name is accepted in each source, and refused beside the present one in any', () => {
    const flags = { 'audit-head-interval': '2m' }
    const env = { DOORWARD_AUDIT_HEAD_INTERVAL: '2m' }
    const files = { '/srv/here/doorward.toml': `audit_head_interval = '2m'` }
    const current = { DOORWARD_AUDIT_CHECKPOINT_INTERVAL: '3m' }
    for (const [input, detail] of [
      [{ flags }, '--audit-head-interval'],
      [{ env }, 'DOORWARD_AUDIT_HEAD_INTERVAL'],
      [{ files }, '/srv/here/doorward.toml'],
    ] as const) {
      const { config, origins } = loadTexts(input)
      assert.equal(config.auditCheckpointInterval, minutes(2))
      assert.equal(origins['audit_checkpoint_interval']?.detail, detail)
      const { faults } = faultsOf({ ...input, env: { ...('env' in input ? input.env : {}), ...current } })
      const [{ key, source, wanted } = assert.fail(), ...others] = faults
      assert.deepEqual([key, source, wanted], ['audit_head_interval', detail, 'only audit_checkpoint_interval'])
      assert.deepEqual(others, [])
    }
    assert.ok(configFlags().some(({ flag }) => flag === '--audit-head-interval'))
    assert.match(configurationPage(), /Deprecated name, until 0\.2: `--audit-head-interval`/)
  })

  test('the source of higher precedence is used where values differ', () => {
    const files = { '/srv/here/doorward.toml': 'port = 1\nlog_level = "warn"\nsession_idle = "3m"' }
    const env = { DOORWARD_PORT: '2', DOORWARD_LOG_LEVEL: 'error' }
    const { config } = loadTexts({ flags: { port: '3' }, env, files })
    assert.deepEqual([config.port, config.logLevel, config.policySettings.sessionIdle], [3, 'error', minutes(3)])
  })

  test('a flag may be spelled in camel case', () => {
    assert.equal(loadTexts({ flags: { publicUrl: 'https://id.example' } }).config.publicUrl, 'https://id.example')
  })

  test('an absent flag and an empty variable set nothing', () => {
    const { origins } = loadTexts({ flags: { port: undefined }, env: { DOORWARD_HOST: '' } })
    assert.deepEqual([origins['port']?.source, origins['host']?.source], ['default', 'default'])
  })

  const paths = ['/srv/here/doorward.toml', '/home/x/.config/doorward/config.toml', '/etc/doorward/config.toml']
  for (const [index, expected] of paths.entries()) {
    test(`${expected} is read when it is the first that exists`, () => {
      const files = Object.fromEntries(paths.slice(index).map((path, port) => [path, `port = ${port + 1}`]))
      const loaded = loadTexts({ env: { HOME: '/home/x' }, files })
      assert.deepEqual([loaded.file, loaded.config.port], [expected, 1])
    })
  }

  test('a named file is read instead of the default ones and must exist', () => {
    const files = { '/srv/here/doorward.toml': 'port = 1', '/srv/here/own.toml': 'port = 2' }
    assert.equal(loadTexts({ flags: { config: 'own.toml' }, files }).config.port, 2)
    const [fault] = faultsOf({ flags: { config: 'gone.toml' }, files }).faults
    assert.deepEqual([fault?.key, fault?.source], ['config', '--config'])
    assert.match(fault?.found ?? '', /\/srv\/here\/gone\.toml, which does not exist/)
  })

  test('files are read from the disk', async (t) => {
    const folder = await temporaryFolder(t)
    writeFileSync(join(folder, 'doorward.toml'), 'instance_name = "Club"\n')
    assert.equal(loadConfig({ env: {}, cwd: folder }).config.instanceName, 'Club')
    const unreadable = faultsOf({ flags: { config: tmpdir() }, readFile: (path) => readFileSync(path, 'utf8') })
    assert.match(unreadable.faults[0]?.found ?? '', /cannot be read \(EISDIR/)
  })

  test('the configuration cannot be changed', () => {
    const { config } = loadTexts({ flags: { trusted_proxies: '::1' } })
    const parts = [config, config.policySettings, config.hash, config.trustedProxies]
    assert.ok(parts.every(Object.isFrozen))
  })
})

suite('values', () => {
  const read: [string, string, (config: ReturnType<typeof loadTexts>['config']) => unknown, unknown][] = [
    ['public-url', 'HTTPS://ID.example.org/', (config) => config.publicUrl, 'https://id.example.org'],
    ['public-url', 'https://id.example.org:8443', (config) => config.publicUrl, 'https://id.example.org:8443'],
    ['public-url', 'https://id.example.org', (config) => config.secureCookies, true],
    ['public-url', 'http://localhost:1', (config) => config.secureCookies, false],
    ['host', '127.0.0.1', (config) => config.publicUrl, 'http://127.0.0.1:8000'],
    ['host', '[::1]', (config) => config.host, '::1'],
    ['host', '::1', (config) => config.publicUrl, 'http://[::1]:8000'],
    ['port', '80', (config) => config.publicUrl, 'http://localhost'],
    ['trusted-proxies', '10.0.0.0/8, ::1', (config) => config.trustedProxies.join(), '10.0.0.0/8,::1'],
    [
      'cors-origins',
      'https://a.example/,https://b.example',
      (config) => config.corsOrigins.join(),
      'https://a.example,https://b.example',
    ],
    ['database-url', 'sqlite:x.db', (config) => config.databaseUrl.reveal(), 'sqlite:/srv/here/x.db'],
    ['database-url', 'sqlite:/x.db', (config) => config.databaseUrl.reveal(), 'sqlite:/x.db'],
    ['database-url', 'postgresql:///d?host=/run', (config) => config.databaseUrl.reveal(), 'postgresql:///d?host=/run'],
    ['database-url', 'postgres://a:1,b:2/d', (config) => config.databaseUrl.reveal(), 'postgres://a:1,b:2/d'],
    ['session-idle', '90s', (config) => config.policySettings.sessionIdle, seconds(90)],
    ['invitation-lifetime', '2d', (config) => config.invitationLifetime, days(2)],
    ['body-limit', '1MiB', (config) => config.bodyLimit, 1_048_576],
    ['body-limit', '2048', (config) => config.bodyLimit, 2048],
    ['docs', 'FALSE', (config) => config.docs, false],
    ['accent', '#7A3E9D', (config) => config.accent, '#7a3e9d'],
    ['accent-dark', '#D7C5E2', (config) => config.accentDark, '#d7c5e2'],
    ['logo', 'logo.svg', (config) => config.logo, '/srv/here/logo.svg'],
    ['icon', 'icon.svg', (config) => config.icon, '/srv/here/icon.svg'],
    ['second-factor', 'Optional', (config) => config.policySettings.secondFactor, 'optional'],
    ['pepper', 'true', (config) => config.pepper, true],
    [
      'breached-passwords-url',
      'https://api.pwnedpasswords.com/range/',
      (config) => config.breachedPasswordsUrl,
      'https://api.pwnedpasswords.com/range',
    ],
    ['breached-passwords-url', 'http://[::1]:1', (config) => config.breachedPasswordsUrl, 'http://[::1]:1'],
    ['hash-workers', '3', (config) => config.hash.workers, 3],
    ['hash-passes', '1', (config) => config.weakHash, true],
    ['hash-memory', '8', (config) => config.weakHash, true],
  ]
  for (const [flag, text, value, wanted] of read) {
    test(`--${flag} ${text} means ${String(wanted)}`, () => {
      assert.equal(value(loadTexts({ flags: { [flag]: text } }).config), wanted)
    })
  }

  test('a hash whose cost OWASP equates with the default does not count as weak', () => {
    assert.equal(loadTexts({ flags: { hash_memory: '47104', hash_passes: '1' } }).config.weakHash, false)
    assert.equal(loadTexts({ flags: { hash_memory: '7168', hash_passes: '5' } }).config.weakHash, false)
  })

  test('accepting connections from other machines over plain http needs insecure_http', () => {
    const [fault] = faultsOf({ flags: { host: '0.0.0.0' } }).faults
    assert.equal(fault?.key, 'public_url')
    assert.match(fault?.found ?? '', /plain http .* while host is 0\.0\.0\.0/)
    assert.equal(
      loadTexts({ flags: { host: '0.0.0.0', insecureHttp: true } }).config.publicUrl,
      'http://localhost:8000',
    )
    assert.equal(loadTexts({ flags: { host: '0.0.0.0', publicUrl: 'https://id.example' } }).config.host, '0.0.0.0')
  })

  test('an accent that cannot be read in its theme is refused with both figures and a colour that passes', () => {
    const { faults } = faultsOf({ flags: { accent: '#ffd500' }, env: { DOORWARD_ACCENT_DARK: '#7a3e9d' } })
    assert.deepEqual(
      faults.map(({ key, source, found, wanted }) => [key, source, found, wanted]),
      [
        [
          'accent',
          '--accent',
          '#ffd500, with a contrast of 1.29 to 1 for links on the page in the light theme',
          'at least 4.5 to 1, as with #665500',
        ],
        [
          'accent_dark',
          'DOORWARD_ACCENT_DARK',
          '#7a3e9d, with a contrast of 2.02 to 1 for links on a highlighted row in the dark theme',
          'at least 4.5 to 1, as with #d7c5e2',
        ],
      ],
    )
    for (const { key, wanted } of faults) {
      const [readable = ''] = /#[0-9a-f]{6}/.exec(wanted) ?? []
      assert.equal(loadTexts({ flags: { [key]: readable } }).origins[key]?.source, 'flag')
    }
  })

  test('the fault of an accent also names a value for the dark theme if that has none', () => {
    const pasted = { '#ffd500': '#ffd500', '#808080': '#d9d9d9' }
    for (const [accent, dark] of Object.entries(pasted)) {
      const [fault] = faultsOf({ flags: { accent } }).faults
      assert.match(
        fault?.wanted ?? '',
        new RegExp(`^at least 4\\.5 to 1, as with #[0-9a-f]{6}; .*accent_dark = "${dark}"`),
      )
      assert.equal(loadTexts({ flags: { accent_dark: dark } }).config.accentDark, dark)
    }
  })

  test('a session cannot be idle for longer than it lives', () => {
    const [fault] = faultsOf({ env: { DOORWARD_SESSION_IDLE: '2h' }, flags: { session_absolute: '1h' } }).faults
    assert.deepEqual([fault?.key, fault?.source], ['session_idle', 'DOORWARD_SESSION_IDLE'])
  })
})

suite('faults', () => {
  const refused: [string, string][] = [
    ['host', 'http://x'],
    ['host', 'a b'],
    ['port', '65536'],
    ['port', '-1'],
    ['port', '0x10'],
    ['port', '8000.5'],
    ['public-url', 'id.example.org'],
    ['public-url', 'ftp://id.example.org'],
    ['public-url', 'https://id.example.org/path'],
    ['public-url', 'https://id.example.org?x'],
    ['insecure-http', 'yes'],
    ['docs', 'constructor'],
    ['trusted-proxies', '10.0.0.0/33'],
    ['trusted-proxies', 'proxy.internal'],
    ['trusted-proxies', '10.0.0.0/8/8'],
    ['cors-origins', '*'],
    ['database-url', 'mysql://h/d'],
    ['database-url', 'sqlite:'],
    ['database-url', 'sqlite::memory:'],
    ['database-url', 'sqlite:///x.db'],
    ['database-url', 'postgres://a,,b/d'],
    ['database-url', 'postgres://a:5432,b:99999/d'],
    ['database-url', 'postgres://a,b/d?host=c'],
    ['session-idle', '60'],
    ['session-idle', '1.5h'],
    ['session-idle', '59s'],
    ['proof-lifetime', '0s'],
    ['access-token-lifetime', '59s'],
    ['access-token-lifetime', '61m'],
    ['refresh-token-lifetime', '181d'],
    ['hash-memory', '7'],
    ['hash-passes', '0'],
    ['hash-queue', '0'],
    ['password-minimum', '7'],
    ['second-factor', 'off'],
    ['breached-passwords-url', 'http://api.pwnedpasswords.com/range'],
    ['breached-passwords-url', 'http://127.0.0.1.example.org/range'],
    ['breached-passwords-url', 'https://name:password@example.org/range'],
    ['breached-passwords-url', 'https://example.org/range?x'],
    ['breached-passwords-url', 'api.pwnedpasswords.com'],
    ['body-limit', '64kb'],
    ['log-level', 'loud'],
    ['accent', 'pine'],
    ['accent', '#0f6b5'],
    ['accent', '#0f6b5c;color:red'],
    ['logo', 'a\u0000b'],
    ['icon', 'a\u0000b'],
    ['security-contact', 'nobody'],
    ['security-contact', 'http://example.org'],
    ['security-contact', 'a@b c'],
    ['security-contact', 'javascript:alert(1)'],
    ['instance-name', ''],
    ['instance-name', 'a\u0000b'],
  ]
  for (const [flag, text] of refused) {
    test(`--${flag} ${JSON.stringify(text)} is refused with what is wanted`, () => {
      const key = flag.replaceAll('-', '_') as keyof typeof SETTINGS
      const [fault, ...others] = faultsOf({ flags: { [flag]: text } }).faults
      const { wanted } = SETTINGS[key].kind
      assert.deepEqual([fault?.key, fault?.source, fault?.wanted, others], [key, `--${flag}`, wanted, []])
    })
  }

  test('all are reported at once, each with its source', () => {
    const files = { '/srv/here/doorward.toml': 'body_limit = "huge"\nprot = 1\n[request_timeout]\n[server]\nport = 1' }
    const env = { DOORWARD_HOTS: 'a', DOORWARD_LOG_LEVEL: 'loud' }
    const input = { flags: { 'publc-url': 'x', port: 'p' }, env, files }
    const { message } = faultsOf(input)
    const locations = [
      'body_limit (/srv/here/doorward.toml)',
      'hots (DOORWARD_HOTS)',
      'log_level (DOORWARD_LOG_LEVEL)',
      'port (--port)',
      'prot (/srv/here/doorward.toml)',
      'publc_url (--publc-url)',
      'request_timeout (/srv/here/doorward.toml)',
      'server (/srv/here/doorward.toml)',
    ]
    assert.deepEqual(locationsOf(input).toSorted(), locations)
    assert.equal(message.split('\n').length, locations.length + 1)
    assert.match(message, /port \(--port\): found "p", expected a whole number from 0 to 65535\./)
  })

  const slips: [ConfigInput & { files?: Record<string, string> }, string][] = [
    [{ flags: { 'publc-url': 'x' } }, 'perhaps `--public-url`'],
    [{ env: { DOORWARD_DATABSE_URL: 'x' } }, 'perhaps `DOORWARD_DATABASE_URL`'],
    [{ env: { DOORWARD_KEYRING_FIL: 'x' } }, 'perhaps `DOORWARD_KEYRING_FILE`'],
    [{ files: { '/srv/here/doorward.toml': 'prot = 1' } }, 'perhaps `port`'],
    [{ env: { DOORWARD_SMTP_HOST_NAME: 'x' } }, 'a setting listed in docs/configuration.md'],
    [{ env: { DOORWARD_PORT_FILE: 'x' } }, 'a setting listed in docs/configuration.md'],
    [{ files: { '/srv/here/doorward.toml': 'config = "x"' } }, 'a setting listed in docs/configuration.md'],
  ]
  for (const [input, wanted] of slips) {
    test(`an unknown name is answered with ${wanted}`, () => {
      const [fault, ...others] = faultsOf(input).faults
      assert.deepEqual([fault?.wanted, others], [wanted, []])
    })
  }
})

test('the manual names every setting in its three spellings', () => {
  const page = configurationPage()
  for (const name of SETTING_NAMES) {
    assert.ok(page.includes(`## ${name}\n\n${SETTINGS[name].sentence}`))
    assert.ok(page.includes(`\`${variableOf(name)}\``))
    assert.ok(page.includes(flagOf(name)))
  }
  assert.ok(page.includes('`DOORWARD_DATABASE_URL_FILE`'))
})

test('every example of the manual is a valid value', () => {
  for (const name of SETTING_NAMES) {
    assert.notEqual(SETTINGS[name].kind.read(SETTINGS[name].example), undefined, name)
  }
})
