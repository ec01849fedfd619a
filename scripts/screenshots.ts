// `npm run screenshots`: every screen in every state, light and dark, on a desktop and on a phone, into the folder screenshots/; further
// words are names of screens, and only those are taken again. With `-- --readme`: the pictures of the README. With `-- --gallery`: those of
// the gallery into screenshots/gallery, and those of them that pages show into docs/pictures. With `-- --docs`: every picture of docs/pictures, which
// are those that pages show and those of the README. With `-- --crowd`: the lists and numbers of a server with ten thousand users. With
// `-- --mails`: every mail.
// Beside the names of screens, `--german` takes them in German. `screenshots/sheet.html` shows both languages of all screens on one page, with those of an earlier
// version above them if they lie in `screenshots/before`.
import { globSync } from 'node:fs'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { type BrowserOptions, openBrowser } from '#test/support/browser/browser.ts'
import type { Screen } from '#test/support/browser/screen.ts'
import { SCREENS } from '#test/support/browser/screens.ts'
import { openAs, type Visited, visitOn } from '#test/support/browser/visit-screen.ts'
import { insertGeneratedUsers } from '#test/support/people/generated-users.ts'
import { seedWorld, type World } from '#test/support/server/populated-server.ts'
import { GALLERY, galleryIndex, galleryPicture, LOOKS, SHOWN_IN_PAGES } from './gallery.ts'
import { QUALITY, takeGalleryMails, takeMails } from './mail-pictures.ts'
import { writeSheet } from './screen-sheet.ts'
import { filmSetUp } from './set-up-film.ts'
import { waitForTypeface } from './typeface-for-pictures.ts'

const ROOT = join(import.meta.dirname, '..')
const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]

const GERMAN = '--german'
const isGerman = process.argv.includes(GERMAN)
const words = process.argv.slice(2).filter((word) => word !== GERMAN)
if (words.includes('--readme')) test('the pictures of the README', { timeout: 120_000 }, takePictures)
else if (words.includes('--gallery')) test('the pictures of the gallery', { timeout: 300_000 }, takeGallery)
else if (words.includes('--docs')) test('the pictures of the pages', { timeout: 600_000 }, takeForPages)
else if (words.includes('--mails')) test('every mail', { timeout: 300_000 }, takeEveryMail)
else if (words.includes('--crowd')) test('ten thousand users', { timeout: 300_000 }, takeManyUsers)
else test('every screen', { timeout: 600_000 }, takeAll)

function takeEveryMail(t: TestContext): Promise<void> {
  const names = words.filter((word) => word !== '--mails')
  return takeMails(t, join(ROOT, 'screenshots', 'mails'), names)
}

async function takeAll(t: TestContext): Promise<void> {
  const folder = join(ROOT, 'screenshots')
  await mkdir(folder, { recursive: true })
  if (words.length === 0) for (const path of picturesIn(folder)) await rm(path)
  const world = await seedWorld(t)
  const wanted = SCREENS.filter(({ name }) => words.length === 0 || words.includes(name))
  for (const screen of wanted) await t.test(screen.name, (inner) => take(inner, world, screen, folder))
  writeSheet(folder)
}

/** The pictures of screens in the language of this run. */
function picturesIn(folder: string): string[] {
  return globSync(join(folder, '*.png')).filter((path) => path.endsWith('.de.png') === isGerman)
}

async function visitAgain(t: TestContext, world: World, screen: Screen, options: BrowserOptions): Promise<Visited> {
  const page = await openAs(t, world, screen.as, options)
  await waitForTypeface(page)
  return visitOn(page, world, screen)
}

async function take(t: TestContext, world: World, screen: Screen, folder: string): Promise<void> {
  const { page } = await visitAgain(t, world, screen, { reducedMotion: 'reduce', ...(isGerman && { locale: 'de-DE' }) })
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 780 })
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme })
      await writeFile(
        join(folder, `${screen.name}.${width}.${colorScheme}${isGerman ? '.de' : ''}.png`),
        await picture(page),
      )
    }
  }
}

/** In device pixels for each CSS pixel: the pictures are shown small. */
const GALLERY_SCALE = 0.5

/** In CSS pixels: a long list on a desktop is cut below. */
const MOST_HEIGHT = 1200

function takeGallery(t: TestContext): Promise<void> {
  return takeGalleryOf(
    t,
    words.filter((word) => word !== '--gallery'),
  )
}

/** Takes every picture of docs/pictures: with names of screens, those of them that pages show; without, those of the README as well. */
async function takeForPages(t: TestContext): Promise<void> {
  const names = words.filter((word) => word !== '--docs')
  await takeGalleryOf(t, names.length > 0 ? names : SHOWN_IN_PAGES.map(screenOf))
  if (names.length === 0) await takePictures(t)
}

/** The name of the screen, or of the template of an email, that a picture shows. */
function screenOf(picture: string): string {
  return picture.replace(/^mail-/, '')
}

/** Takes pictures of the gallery; all where there are no `names`. */
async function takeGalleryOf(t: TestContext, names: readonly string[]): Promise<void> {
  const folder = join(ROOT, 'screenshots', 'gallery')
  if (names.length === 0) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'gallery.md'), galleryIndex())
  await takeGalleryMails(t, folder, names)
  const world = await seedWorld(t)
  for (const { screen } of Object.values(GALLERY).flat()) {
    if (names.length > 0 && !names.includes(screen)) continue
    await t.test(screen, async (inner) => {
      const settings = { reducedMotion: 'reduce', deviceScaleFactor: GALLERY_SCALE } as const
      const { page } = await visitAgain(inner, world, named(screen), settings)
      if (screen === 'checkup') {
        // The clock of the populated server stands still, so that of the browser is set by it.
        await page.clock.setFixedTime(world.server.clock.now())
        await page.reload()
      }
      // The command names folders of the machine.
      const mask = [page.locator('#doctor-command')]
      for (const { look, width, theme } of LOOKS) {
        await page.setViewportSize({ width, height: 780 })
        await page.emulateMedia({ colorScheme: theme })
        const path = join(folder, galleryPicture(screen, look))
        const all = await page.evaluate(() => document.documentElement.scrollHeight)
        const cut = look !== 'phone' && all > MOST_HEIGHT && { clip: { x: 0, y: 0, width, height: MOST_HEIGHT } }
        const options = { path, type: 'jpeg', quality: QUALITY, fullPage: true, mask, maskColor: '#8a938e' } as const
        await page.screenshot({ ...options, ...cut })
      }
    })
  }
  await copyToPages(folder, names)
}

/** Copies the pictures that pages of docs/ show; of some `names`, only theirs. */
async function copyToPages(folder: string, names: readonly string[]): Promise<void> {
  const wanted = SHOWN_IN_PAGES.filter((name) => names.length === 0 || names.includes(screenOf(name)))
  for (const file of wanted.flatMap((name) => THEMES.map((theme) => galleryPicture(name, theme)))) {
    await copyFile(join(folder, file), join(ROOT, 'docs', 'pictures', file))
  }
}

const MANY_USERS = 10_000

/** How many of the newest users come before the page far into the list. */
const FAR_IN = 7000

async function takeManyUsers(t: TestContext): Promise<void> {
  const folder = join(ROOT, 'screenshots', 'crowd')
  await mkdir(folder, { recursive: true })
  const world = await seedWorld(t)
  await insertGeneratedUsers(world.server, MANY_USERS)
  const list = named('users')
  const paths = {
    overview: '/admin',
    'users-first': '/admin/users',
    'users-without-second-step': '/admin/users?status=no-factor&sort=-created_at',
    'users-searched': '/admin/users?q=wolken',
    'users-far-in': await pageFarIn(t, world),
  }
  for (const [name, at] of Object.entries(paths)) {
    const screen = { name, as: list.as, at }
    await t.test(name, (inner) => take(inner, world, screen, folder))
  }
}

/** The URL of a page in the middle, with the cursor that the API returns; in the browser many pages of "Next" would lead there. */
async function pageFarIn(t: TestContext, { admin }: World): Promise<string> {
  let cursor = ''
  for (let seen = 0; seen < FAR_IN; seen += 200) {
    const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { status, body, raw } = await admin.asks('GET', `/users?limit=200${more}`)
    t.assert.equal(status, 200, raw.body)
    cursor = String(body['next_cursor'])
  }
  return `/admin/users?after=${encodeURIComponent(cursor)}`
}

/** A picture of a whole page. The browser is sometimes not ready at first, so the screenshot is retried. */
async function picture(page: Page, attempts = 3): Promise<Buffer> {
  try {
    return await page.screenshot({ fullPage: true })
  } catch (error) {
    if (attempts === 1) throw error
    return picture(page, attempts - 1)
  }
}

/** The pages of a sign-in as three pictures beside each other, the list of users, and the set-up as a film. */
async function takePictures(t: TestContext): Promise<void> {
  const folder = join(ROOT, 'docs', 'pictures')
  const world = await seedWorld(t)
  const pages: Page[] = []
  for (const name of ['sign-in', 'second-step', 'account']) {
    const options = { viewport: { width: 400, height: 600 }, reducedMotion: 'reduce' } as const
    pages.push((await visitAgain(t, world, named(name), options)).page)
  }
  const size = { width: 1200, height: 860 }
  const list = { ...named('users'), at: '/admin/users?sort=-last_sign_in_at' }
  const { page: users } = await visitAgain(t, world, list, { viewport: size })
  for (const theme of THEMES) {
    await writeFile(join(folder, `way-in-${theme}.png`), await besideEachOther(t, pages, theme))
    await users.emulateMedia({ colorScheme: theme })
    await users.screenshot({ path: join(folder, `users-${theme}.png`) })
    await filmSetUp(t, theme, join(folder, `set-up-${theme}.png`))
  }
}

function named(name: string): Screen {
  const screen = SCREENS.find((one) => one.name === name)
  if (screen === undefined) throw new Error(`There is no screen ${name}`)
  return screen
}

async function besideEachOther(t: TestContext, pages: readonly Page[], theme: Theme): Promise<Buffer> {
  const images: string[] = []
  for (const page of pages) {
    await page.emulateMedia({ colorScheme: theme })
    images.push((await page.screenshot()).toString('base64'))
  }
  const sheet = await openBrowser(t, { viewport: { width: 1232, height: 600 } })
  const style = 'margin: 0; display: flex; gap: 16px; background: transparent'
  const shown = images.map((image) => `<img src="data:image/png;base64,${image}" style="border-radius: 8px">`)
  await sheet.setContent(`<body style="${style}">${shown.join('')}</body>`, { waitUntil: 'load' })
  return sheet.screenshot({ omitBackground: true })
}
