import type { Duration } from '#foundation/kernel/time.ts'
import type { FindingWords } from '../english/findings.ts'
import type { mailFindings as inEnglish } from '../english/mail-findings.ts'
import { ageInWords } from '../spans.ts'
import { counted } from './user-questions.ts'

const age = (span: Duration): string => ageInWords('de', span)

export const mailFindings: Readonly<Record<keyof typeof inEnglish, FindingWords>> = {
  'mail.on': { sentence: ({ count }) => `E-Mail ist an. ${counted(count, 'E-Mail wartet', 'E-Mails warten')}.` },
  'mail.off': {
    sentence: () => 'E-Mail ist aus: Der Server sendet keine Einladungen, Links oder Warnungen.',
    fix: () => 'Zum Einschalten setzen Sie mail_host und mail_from. Siehe docs/mail.md.',
  },
  'mail.insecure': {
    sentence: () =>
      'E-Mails gehen unverschlüsselt an den Mailserver. Wer im Netzwerk mitliest, kann die Links darin lesen.',
    fix: () => 'Setzen Sie mail_tls auf starttls oder implicit und entfernen Sie mail_insecure.',
  },
  'mail.unreachable': {
    sentence: ({ error }) => `Der Mailserver nimmt keine E-Mails an: ${error}.`,
    fix: () =>
      'Prüfen Sie mail_host, mail_port, mail_tls, mail_user und mail_password. Bis es geht, warten die E-Mails.',
  },
  'mail.blocked': {
    sentence: ({ count, error }) =>
      `Der Mailserver weist E-Mails dieses Servers ab, und ${counted(count, 'E-Mail wartet', 'E-Mails warten')}. Seine Antwort: ${error}.`,
    fix: () =>
      'Prüfen Sie mail_from und mail_user sowie die SPF- und DKIM-Einträge Ihrer Domain. Das Senden wird erneut versucht.',
  },
  'mail.waiting': {
    sentence: ({ count, span, error }) =>
      `${counted(count, 'E-Mail wartet', 'E-Mails warten')}, am längsten schon ${age(span)}. ${error === '' ? 'Kein Versuch ist gescheitert: Prüfen Sie, ob ein Server läuft und seine Uhr richtig geht' : `Letzte Antwort des Mailservers: ${error}`}.`,
    fix: () => 'Im Postausgang steht die Antwort zu jeder E-Mail.',
  },
  'mail.expired': {
    sentence: ({ count, ago }) =>
      `${counted(count, 'E-Mail ist', 'E-Mails sind')} vor dem Senden abgelaufen. Seitdem vergangen: ${age(ago)}.`,
    fix: ({ command }) =>
      `Senden Sie erneut, was noch gebraucht wird, etwa eine Einladung. Welche es sind, zeigt auf dem Server: ${command}`,
  },
  'mail.refused': {
    sentence: ({ count }) => `Der Mailserver hat ${counted(count, 'E-Mail', 'E-Mails')} endgültig abgelehnt.`,
    fix: ({ command }) => `Senden Sie sie erneut oder verwerfen Sie sie. Den Grund zeigt auf dem Server: ${command}`,
  },
}
