import type { Texts } from '../english.ts'

export const rememberedDevices: Texts['rememberedDevices'] = {
  title: 'Gemerkte Geräte',
  lead: 'Diese Browser fragen nur nach Ihrem Passwort. Wichtige Änderungen verlangen weiterhin den zweiten Schritt.',
  leadOfUser: 'Diese Browser fragen diesen Benutzer nur nach dem Passwort.',
  table: 'Ihre gemerkten Geräte',
  browser: 'Browser',
  ipAddress: 'Adresse',
  since: 'Seit',
  lastUsed: 'Zuletzt benutzt',
  until: 'Endet',
  actions: 'Vergessen',
  forget: 'Vergessen',
  forgetAll: 'Alle vergessen',
  none: 'Keine gemerkten Geräte.',
  offer: (span) => `Diesen Schritt auf diesem Gerät ${span} lang überspringen`,
  offerHint: 'Wählen Sie das nur auf einem Gerät, das sonst niemand benutzt.',
  skipped: 'Zweiter Schritt auf diesem Gerät übersprungen',
  done: {
    'device-forgotten': 'Gerät vergessen. Es verlangt wieder den zweiten Schritt.',
    'devices-forgotten': 'Alle Geräte vergessen. Sie verlangen wieder den zweiten Schritt.',
  },
}
