import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { faultsOf, loadTexts, locationsOf } from '#test/support/server/loaded-config.ts'

suite('the configuration file', () => {
  const FILE = '/srv/here/doorward.toml'
  const read: [toml: string, name: string][] = [
    ['instance_name = "a b"', 'a b'],
    ["instance_name = 'C:\\new'", 'C:\\new'],
    ['  instance_name="quo\\"te"  # why', 'quo"te'],
    ['instance_name = "a # b"', 'a # b'],
    ['instance_name = "\\u00e9"', 'é'],
    ['instance_name = """\na"""', 'a'],
    ['"instance_name" = "a"\r\n# end\r\n', 'a'],
    ['\uFEFFinstance_name = "a"', 'a'],
    ['instance_name = 19_456', '19456'],
  ]
  for (const [toml, name] of read) {
    test(`${JSON.stringify(toml)} names the instance ${name}`, () => {
      assert.equal(loadTexts({ files: { [FILE]: toml } }).config.instanceName, name)
    })
  }

  test('may contain a list over several lines and a number in any form of TOML', () => {
    const toml =
      "trusted_proxies = [\n  '::1', # here\n  '10.0.0.0/8',\n]\ncors_origins = []\nport = 0x1F90\ndocs = false"
    const { config } = loadTexts({ files: { [FILE]: toml } })
    assert.deepEqual(config.trustedProxies, ['::1', '10.0.0.0/8'])
    assert.deepEqual([config.corsOrigins, config.port, config.docs], [[], 8080, false])
  })

  const broken = ['key', 'key = ', 'key = bare', 'key = "open', 'key = ["a" "b"]', 'key = "a" b', 'port = 1\nport = 1']
  for (const toml of broken) {
    test(`${JSON.stringify(toml)} is refused with the number of its line, and nothing of it is repeated`, () => {
      const files = { [FILE]: `\n# comment\r\n${toml}` }
      assert.deepEqual(locationsOf({ files }), [`config (${FILE} line ${toml.split('\n').length + 2})`])
      assert.match(faultsOf({ files }).faults[0]?.found ?? '', /^text that is not TOML \([^"=]+\)$/)
    })
  }

  const wrong: [toml: string, key: string][] = [
    ['port = "x"', 'port'],
    ['port = 1.5', 'port'],
    ['instance_name = 2026-11-27', 'instance_name'],
    ['instance_name.en = "a"', 'instance_name'],
    ['cors_origins = [["https://a.example"], {}]', 'cors_origins'],
    ['[[instance_name]]', 'instance_name'],
    ['[server]\nport = 1', 'server'],
  ]
  for (const [toml, key] of wrong) {
    test(`${JSON.stringify(toml)} is refused by the name of its key`, () => {
      assert.deepEqual(locationsOf({ files: { [FILE]: toml } }), [`${key} (${FILE})`])
    })
  }

  test('that cannot be read causes no fault about the settings in it', () => {
    const files = { [FILE]: 'public_url = "https://id.example"\nport = ' }
    assert.deepEqual(locationsOf({ flags: { host: '0.0.0.0' }, files }), [`config (${FILE} line 2)`])
  })
})
