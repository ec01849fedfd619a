// Every screen in a made language, 40 % longer than English and accented, as narrow as the smallest phone and in both directions. What overflows
// here would overflow in a contributed language.
import assert from 'node:assert/strict'

import { LANGUAGES, languageOf, texts } from '#foundation/texts/texts.ts'
import { layoutProblems } from '../support/browser/accessibility.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { findByEnglish, pseudo, speakPseudo } from '../support/browser/pseudo-language.ts'
import { SCREENS_BY_AREA } from '../support/browser/screens.ts'
import { becomes, visitOn } from '../support/browser/visit-screen.ts'
import { everySentence } from '../support/pages/catalogue-sentences.ts'
import { exhaustive, test } from '../support/runner/scope.ts'
import { seedWorld } from '../support/server/populated-server.ts'

test('the made language lengthens and accents each sentence, keeps what is filled in, and ends with the test', async (t) => {
  assert.equal(pseudo('Save'), 'Šáṽé Šá')
  assert.equal(pseudo('Hello {name}, see /docs.'), 'Ĥéĺĺö {name}, šéé /docs. Ĥéĺĺö šéé')
  const english = everySentence(texts('en'))
  await t.test('while it is spoken', (spoken) => {
    speakPseudo(spoken)
    const now = new Map(everySentence(texts('en')).map(({ path, said }) => [path, said]))
    const short = english.filter(({ path, said }) => {
      const long = now.get(path) ?? ''
      return said.length > 9 && !path.startsWith('joining.columns.') && long.length < said.length * 1.3
    })
    assert.deepEqual(short, [])
    assert.match(texts('en').users.found(2, '2', 'ada'), /^2 ûšéŕš ƒöûñď ƒöŕ “ada”\./)
  })
  assert.deepEqual(everySentence(texts('en')), english)
})

test('the made language cannot be chosen', () => {
  assert.deepEqual(LANGUAGES, ['en', 'de'])
  for (const tag of ['en-XA', 'ar-XB', 'qps-ploc', 'zxx']) assert.ok([null, 'en'].includes(languageOf(tag)), tag)
})

for (const area of Object.keys(SCREENS_BY_AREA) as (keyof typeof SCREENS_BY_AREA)[]) {
  exhaustive(
    `every screen of ${area} has room for a language that is 40 % longer, from left and from right`,
    async (t) => {
      const world = await seedWorld(t)
      const page = await openBrowser(t, { bypassCSP: true, reducedMotion: 'reduce' })
      findByEnglish(page)
      speakPseudo(t)
      for (const screen of SCREENS_BY_AREA[area]) {
        await t.test(screen.name, async () => {
          await becomes(page, world, screen.as)
          await visitOn(page, world, screen)
          assert.deepEqual(await layoutProblems(page, 'one appearance'), [])
          await page.evaluate(() => (document.documentElement.dir = 'rtl'))
          assert.deepEqual(await layoutProblems(page, 'one appearance'), [], 'from the right')
        })
      }
    },
  )
}
