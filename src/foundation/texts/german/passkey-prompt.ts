// What a page says while the browser asks for a passkey, and when nothing came of it.
import type { passkeyPrompt as englishPasskeyPrompt } from '../english/passkey-prompt.ts'

export const passkeyPrompt: typeof englishPasskeyPrompt = {
  waiting: 'Folgen Sie der Abfrage Ihres Browsers.',
  notMade: 'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, wenn Sie so weit sind.',
  already: 'Auf diesem Gerät gibt es schon einen Passkey für Sie.',
  insecure: 'Passkeys brauchen https. Diese Seite wurde über http geöffnet.',
  unsupported: 'Dieser Browser kennt keine Passkeys. Nehmen Sie einen anderen Browser oder einen anderen Weg.',
  misplaced: (publicUrl) => `Passkeys gehen nur unter ${publicUrl}. Öffnen Sie diese Seite dort.`,
  failed: 'Ihr Browser konnte das nicht. Versuchen Sie es noch einmal oder nehmen Sie einen anderen Weg.',
}
