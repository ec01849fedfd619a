import type { Texts } from '../english.ts'
import { approvalsTitle } from './approvals-title.ts'
import { quoted } from './quoted.ts'

type ApprovalMails = Pick<Texts['mails'], `approval-${string}` & keyof Texts['mails']>

const approvalObjection: ApprovalMails['approval-objection'] = {
  subject: 'Anfrage zur Änderung Ihres Kontos bei {instance}',
  heading: 'Ein Admin möchte Ihr Konto ändern',
  paragraphs: [
    '{asker} möchte Ihr Konto ändern. Die Anfrage: „{change}“.',
    'Grund: {reason}',
    'Das wird wirksam, sobald ein zweiter Admin es freigibt, spätestens am {ready_at}.',
    'Wenn Sie nicht einverstanden sind, öffnen Sie diesen Link und widersprechen Sie. Das stoppt die Anfrage und meldet Sie nicht an.',
  ],
  button: 'Widersprechen',
  after: ['Wenn Sie einverstanden sind, müssen Sie nichts tun.'],
}

const approvalWaiting: ApprovalMails['approval-waiting'] = {
  subject: 'Eine Anfrage braucht einen zweiten Admin bei {instance}',
  heading: 'Eine Anfrage wartet auf einen zweiten Admin',
  paragraphs: [
    '{asker} möchte diese Änderung: {change}.',
    'Grund: {reason}',
    'Wenn niemand ablehnt oder widerspricht, wird das am {ready_at} wirksam.',
    `Um sie freizugeben oder abzulehnen, melden Sie sich auf {server} an und öffnen Sie ${quoted(approvalsTitle)}.`,
  ],
  button: '',
  after: [],
}

const approvalBypassed: ApprovalMails['approval-bypassed'] = {
  subject: 'Änderung ohne zweiten Admin bei {instance}',
  heading: 'Eine Änderung geschah ohne zweiten Admin',
  paragraphs: [
    'Ein Befehl auf dem Server hat diese Änderung ausgeführt: {change}.',
    'Ein Befehl auf dem Server hat diese Änderungen ausgeführt: {changes}.',
    'Wenn Sie den Grund nicht kennen, prüfen Sie, wer die Befehlszeile des Servers benutzen kann. Das Ereignis steht im Protokoll.',
  ],
  button: '',
  after: [],
}

const approvalRuleChanged: ApprovalMails['approval-rule-changed'] = {
  subject: 'Zwei-Personen-Regel bei {instance} geändert',
  heading: 'Die Zwei-Personen-Regel wurde geändert',
  paragraphs: [
    'Die Konfiguration von {server} wurde geändert. Die Zwei-Personen-Regel ist jetzt: {rule}.',
    'Wenn Sie den Grund nicht kennen, prüfen Sie, wer die Konfiguration des Servers ändern kann. Die früheren Werte stehen im Protokoll.',
  ],
  button: '',
  after: [],
}

export const approvalMails: ApprovalMails = {
  'approval-objection': approvalObjection,
  'approval-waiting': approvalWaiting,
  'approval-bypassed': approvalBypassed,
  'approval-rule-changed': approvalRuleChanged,
}
