import assert from 'node:assert/strict'
import { test } from 'node:test'

import { deviceOf } from './device.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const APPLE = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)'
const GALAXY = 'Mozilla/5.0 (Linux; Android 14; SM-S911B)'

const DEVICES: readonly (readonly [agent: string | null, browser: string | undefined, system: string | undefined])[] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox', 'Android'],
  [`${IPHONE} ${APPLE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15`, 'Firefox', 'iOS'],
  [`${WINDOWS} ${WEBKIT} Chrome/138.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
  [`${WINDOWS} ${WEBKIT} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0`, 'Edge', 'Windows'],
  [`${MAC} ${WEBKIT} Chrome/138.0.0.0 Safari/537.36 OPR/120.0.0.0`, 'Opera', 'macOS'],
  [`${MAC} ${APPLE} Version/18.5 Safari/605.1.15`, 'Safari', 'macOS'],
  [`${IPHONE} ${APPLE} Version/18.5 Mobile/15E148 Safari/604.1`, 'Safari', 'iOS'],
  [
    `Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) ${APPLE} Version/18.5 Mobile/15E148 Safari/604.1`,
    'Safari',
    'iPadOS',
  ],
  [`${IPHONE} ${APPLE} CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1`, 'Chrome', 'iOS'],
  [`${GALAXY} ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`, 'Samsung Internet', 'Android'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/138.0.0.0 Safari/537.36`, 'Chrome', 'ChromeOS'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/138.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
  ['Mozilla/5.0 (X11; FreeBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'BSD'],
  ['curl/8.5.0', 'curl', undefined],
  ['python-requests/2.32.3', 'python-requests', undefined],
  ['okhttp/4.12.0', 'okhttp', undefined],
  ['lightMyRequest', undefined, undefined],
  ['Mozilla/5.0 (compatible; Odd/1.0)', undefined, undefined],
  ['<script>alert(1)</script>', undefined, undefined],
  ['<b>/1', undefined, undefined],
  ['', undefined, undefined],
  [null, undefined, undefined],
]

test('browser and system are read from the user agent', () => {
  for (const [agent, browser, system] of DEVICES) {
    assert.deepEqual(deviceOf(agent), { browser, system }, agent ?? 'no agent')
  }
})

test('the result holds no more than a name, however long the user agent is', () => {
  const far = `${'a'.repeat(100_000)}/1 Android`
  assert.deepEqual(deviceOf(far), { browser: undefined, system: undefined })
  const near = `Mozilla/5.0 (Linux; Android 16) Firefox/140.0 ${'x'.repeat(100_000)}`
  assert.deepEqual(deviceOf(near), { browser: 'Firefox', system: 'Android' })
})
