import type { Texts } from '../english.ts'

export const outbox: Texts['outbox'] = {
  title: 'Postausgang',
  lead: 'E-Mails, die dieser Server sendet oder in der letzten Woche gesendet hat. Links darin werden hier nicht gezeigt.',
  off: 'E-Mail ist aus, es wird nichts gesendet. Mit mail_host und mail_from schalten Sie sie ein.',
  table: 'E-Mails',
  none: { title: 'Noch keine E-Mails', text: 'Jede E-Mail, die dieser Server sendet, steht dann hier.' },
  noneHere: 'Keine E-Mails mit diesem Stand',
  filter: 'Nach Stand filtern',
  all: 'Alle',
  columns: { what: 'E-Mail', state: 'Stand', when: 'Eingereiht' },
  states: {
    queued: 'Wartet',
    accepted: 'Gesendet',
    failed: 'Abgelehnt',
    dropped: 'Verworfen',
    expired: 'Abgelaufen',
  },
  attempts: (count) => (count === 1 ? '1 Versuch' : `${count} Versuche`),
  notTried: 'Noch kein Versuch',
  retryAll: { queued: 'Alle jetzt senden', failed: 'Alle erneut senden' },
  retriedAll: (count, skipped) =>
    `${count === 1 ? '1 E-Mail wird' : `${count} E-Mails werden`} gleich gesendet.${
      skipped === 0
        ? ''
        : ` ${skipped === 1 ? '1 wurde ausgelassen, weil ihr Benutzer Berechtigungen hat' : `${skipped} wurden ausgelassen, weil ihre Benutzer Berechtigungen haben`}, die Ihnen fehlen.`
    }`,
  unknownTemplate: 'Eine E-Mail einer neueren Version',
  one: {
    to: 'An',
    about: 'Über',
    delivery: 'Zustellung',
    queued: 'Eingereiht',
    next: 'Nächster Versuch',
    due: 'Jetzt fällig',
    until: 'Versucht bis',
    ended: 'Beendet',
    attempts: 'Versuche',
    error: 'Letzte Antwort',
    messageId: 'Message-ID',
    text: 'Wortlaut',
    textHint: 'Wie der Empfänger sie liest. Der Link wird nicht gezeigt, weil er Zugang zu einem Konto gibt.',
    retry: 'Jetzt senden',
    drop: 'Verwerfen',
    warns:
      'Diese E-Mail warnt vor einer Änderung an einem Konto und lässt sich deshalb hier nicht verwerfen. Auf dem Server geht es mit diesem Befehl:',
  },
  drop: {
    title: 'E-Mail verwerfen',
    question: 'Diese E\u2011Mail verwerfen?',
    consequences: ['Sie wird nie gesendet.', 'Ihr Link wird gelöscht und lässt sich nicht zurückholen.'],
    submit: 'E-Mail verwerfen',
    cancel: 'Abbrechen',
  },
  done: { retried: 'Die E-Mail wird gleich gesendet.', dropped: 'Die E-Mail wurde verworfen.' },
}
