import assert from 'node:assert/strict'
import { test } from 'node:test'

import { texts } from '#foundation/texts/texts.ts'
import { render } from '#foundation/web/html.ts'
import { deviceText, sessionLines } from './device.pages.ts'

test('a program is a program, whatever it calls itself; the long user agent of a browser is told in words', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'
  const [english, german] = [texts('en'), texts('de')]
  assert.equal(deviceText(english, { transport: 'cookie', agent: firefox }), 'Firefox on Linux')
  assert.equal(deviceText(german, { transport: 'bearer', agent: firefox }), `Ein Programm (${firefox})`)
  const lines = render(sessionLines(english, { transport: 'bearer', agent: firefox }, false))
  assert.match(lines, /A program<\/span>.*>Says it’s Firefox on Linux<\/div>/s)
  const curl = render(sessionLines(english, { transport: 'bearer', agent: 'curl/8.5.0' }, false))
  assert.match(curl, /A program<\/span>.*>curl\/8\.5\.0<\/div>/s)
  assert.equal(deviceText(english, { transport: 'bearer', agent: 'curl/8.5.0' }), 'A program (curl/8.5.0)')
  assert.equal(deviceText(english, { transport: 'bearer', agent: null }), 'A program')
  const long = `kettle/${'9'.repeat(200)}`
  assert.match(deviceText(english, { transport: 'bearer', agent: long }), /^A program \(kettle\/9+…\)$/)
})
