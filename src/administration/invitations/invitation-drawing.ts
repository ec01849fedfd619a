import { renderSVG } from 'uqr'

import { Secret } from '../../kernel/secret.ts'

/** A link as a QR code, for a phone held to the screen: dark on white with its quiet zone, so that it scans in any theme. */
export function drawLink(url: string): Secret {
  return Secret.of(renderSVG(url, { border: 4 }))
}
