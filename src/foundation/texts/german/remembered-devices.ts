import type { Texts } from '../english.ts'

export const rememberedDevices: Texts['rememberedDevices'] = {
  title: 'Vertraute Geräte',
  lead: 'Diese Browser fragen nur nach Ihrem Passwort. Wichtige Änderungen verlangen weiterhin den zweiten Schritt.',
  leadOfUser: 'Diese Browser fragen diesen Benutzer nur nach dem Passwort.',
  table: 'Ihre vertrauten Geräte',
  browser: 'Browser',
  ipAddress: 'Adresse',
  since: 'Seit',
  lastUsed: 'Zuletzt verwendet',
  until: 'Endet',
  actions: 'Entfernen',
  forget: 'Entfernen',
  forgetAll: 'Alle entfernen',
  none: 'Keine vertrauten Geräte.',
  offer: (span) => `Auf diesem Gerät ${span} lang nicht mehr fragen`,
  offerHint: 'Wählen Sie das nur auf einem Gerät, das sonst niemand verwendet.',
  skipped: 'Zweiter Schritt auf diesem Gerät übersprungen',
  done: {
    'device-forgotten': 'Gerät entfernt. Es verlangt beim nächsten Mal den zweiten Schritt.',
    'devices-forgotten': 'Alle Geräte entfernt. Sie verlangen beim nächsten Mal den zweiten Schritt.',
  },
}
