import type { Brand } from '../http/brand.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'

const HEIGHT = 32

/** The link to the start page: the server's name, and its logo if it has one, which is decoration. */
export function brandLink(instanceName: string, { logo }: Pick<Brand, 'logo'>): Html {
  return html`<a class="brand" href="/">${logo && picture(logo)}${instanceName}</a>`
}

/** The stylesheet sets the height. The attributes reserve the space until the image has loaded. */
function picture({ url, proportion }: NonNullable<Brand['logo']>): Html {
  return html`<img src="${url}" alt="" width="${Math.max(1, Math.round(HEIGHT * proportion))}" height="${HEIGHT}" />`
}
