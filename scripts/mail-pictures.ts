// Pictures of every mail in every language, light and dark, on a desktop and on a phone, and its text, in screenshots/mails/; and of some
// mails for the gallery.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { LANGUAGES } from '#foundation/texts/texts.ts'
import { openBrowser } from '#test/support/browser/browser.ts'
import { SAMPLE_TEMPLATES, sampleMessage } from '#test/support/mail/sample-mails.ts'
import { GALLERY_MAILS, galleryPicture, MAIL_LOOKS, MAIL_WIDTH } from './gallery.ts'

/** Renders the mails in Chromium. `names` are those of templates; all where there are none. */
export async function takeMails(t: TestContext, folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const page = await openBrowser(t, { viewport: { width: 700, height: 500 } })
  const templates = SAMPLE_TEMPLATES.filter((name) => names.length === 0 || names.includes(name))
  for (const template of templates) {
    for (const language of LANGUAGES) {
      const { subject, text, html } = sampleMessage(template, language)
      const path = join(folder, `${template}.${language}`)
      await writeFile(`${path}.txt`, `Subject: ${subject}\n\n${text}`)
      await page.setContent(html)
      for (const [width, colorScheme] of [
        [700, 'light'],
        [700, 'dark'],
        [360, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 500 })
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: `${path}.${width}.${colorScheme}.png`, fullPage: true })
      }
    }
  }
}

/** Of the pictures of the gallery, in per cent. */
export const QUALITY = 80

/** Takes the mails of the gallery. `names` are those of templates; all where there are none. */
export async function takeGalleryMails(t: TestContext, folder: string, names: readonly string[]): Promise<void> {
  const page = await openBrowser(t, { viewport: { width: MAIL_WIDTH, height: 500 } })
  const wanted = GALLERY_MAILS.filter(({ template }) => names.length === 0 || names.includes(template))
  for (const { template } of wanted) {
    await page.setContent(sampleMessage(template, 'en').html)
    for (const look of MAIL_LOOKS) {
      await page.emulateMedia({ colorScheme: look })
      const path = join(folder, galleryPicture(`mail-${template}`, look))
      await page.screenshot({ path, type: 'jpeg', quality: QUALITY, fullPage: true })
    }
  }
}
