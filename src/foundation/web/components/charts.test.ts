import assert from 'node:assert/strict'
import { test } from 'node:test'

import { render } from '../html.ts'
import { dayChart } from './day-chart.ts'
import { shareInWords, stackedBar } from './stacked-bar.ts'
import { tiles } from './tile.ts'

const CHART = { caption: 'Sign-ins', series: ['Signed in', 'Refused'], tableLabel: 'As a table' } as const

test('a chart draws every number to scale from zero, names three days, and says each day to a pointer and in a table', () => {
  const days = [1000, 0, 500, 250, 0].map((area, at) => ({ label: `${at + 1} May`, values: [area, area / 2] as const }))
  const chart = render(dayChart({ ...CHART, days, language: 'de' }))
  assert.match(chart, /points="0\.5,100 0\.5,0\.00 1\.5,100\.00 2\.5,50\.00 3\.5,75\.00 4\.5,100\.00 4\.5,100"/)
  assert.match(chart, /class="series-1" points="0\.5,50\.00 1\.5,100\.00 2\.5,75\.00 3\.5,87\.50 4\.5,100\.00"/)
  assert.match(chart, /<svg[^>]* role="img" aria-label="Sign-ins">/)
  const labels = [...chart.matchAll(/<span aria-hidden="true">([^<]*)/g)].map(([, label]) => label)
  assert.deepEqual(labels, ['1 May', '3 May', '5 May'])
  assert.equal(chart.match(/<title>/g)?.length, 5)
  assert.match(chart, /<title>1 May · Signed in: 1\.000 · Refused: 500<\/title>/)
  assert.match(chart, /<th scope="row">1 May<\/th>\s*<td>1\.000<\/td>\s*<td>500<\/td>/)
  assert.doesNotMatch(chart, /style=|NaN|Infinity/)
})

test('the axis of a chart reaches at least five, so that one event does not look like many', () => {
  const day = { label: '1 May', values: [1, 0] as const }
  const chart = render(dayChart({ ...CHART, days: [day], language: 'en' }))
  assert.match(chart, /class="most" aria-hidden="true">5</)
  assert.match(chart, /points="0\.5,80\.00|points="0\.5,100 0\.5,80\.00/)
  assert.doesNotMatch(render(dayChart({ ...CHART, days: [], language: 'en' })), /NaN|Infinity/)
})

test('a share is never rounded to none or to all', () => {
  const cases = [
    [0, 0, '0%'],
    [0, 7, '0%'],
    [7, 7, '100%'],
    [1, 882, '<1%'],
    [881, 882, '>99%'],
    [1, 3, '33%'],
  ] as const
  for (const [count, all, wanted] of cases) assert.equal(shareInWords('en', count, all), wanted)
})

test('the parts of a bar fill it, the smallest can be seen, and each that is not empty is a link in the bar and in the legend', () => {
  const part = (look: 'full' | 'striped' | 'hatched', count: number) => ({ look, label: look, count, href: `/${look}` })
  const parts = [part('full', 1), part('striped', 881), part('hatched', 0)]
  const bar = render(stackedBar({ label: 'All', parts, language: 'en' }))
  const drawn = [...bar.matchAll(/<rect class="\w+" x="([\d.]+)%" y="0" width="([\d.]+)%"/g)].map(([, x, width]) => [
    x,
    width,
  ])
  assert.deepEqual(drawn, [
    ['0.00', '0.99'],
    ['0.99', '99.01'],
  ])
  assert.equal(bar.match(/href="\/full"/g)?.length, 2)
  assert.doesNotMatch(bar, /href="\/hatched"/)
  assert.doesNotMatch(bar, /style=|NaN|Infinity/)
})

test('a tile is a link as a whole, with a trend only where there is one', () => {
  const all = render(
    tiles('Numbers', [
      { label: 'Users', number: '3', trend: '▲ 2 new', href: '/users' },
      { label: 'Sessions', number: '1', href: '/' },
    ]),
  )
  assert.match(
    all,
    /<a href="\/users">\s*<span>Users<\/span>\s*<strong>3<\/strong>\s*<span class="trend">▲ 2 new<\/span>\s*<\/a>/,
  )
  assert.equal(all.match(/trend/g)?.length, 1)
})
