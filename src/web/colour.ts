/** A colour of sRGB as CSS writes it, such as `#0f6b5c`. */
export type Colour = string

/** How well one colour is told from another, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Colour, other: Colour): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (bright + 0.05) / (dim + 0.05)
}

/** The first colour with a share, 0 to 1, of the second in it. */
export function mixed(one: Colour, other: Colour, share: number): Colour {
  const [from, to] = [channels(one), channels(other)]
  const between = from.map((channel, at) => Math.round(channel + ((to[at] ?? 0) - channel) * share))
  return `#${between.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

// WCAG 2.2, "relative luminance".
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => linear(channel / 255))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
