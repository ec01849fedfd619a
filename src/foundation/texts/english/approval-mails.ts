// Mails about the two-person rule.

const approvalObjection = {
  subject: 'Request to change your account on {instance}',
  heading: 'An admin asked to change your account',
  paragraphs: [
    '{asker} asked to change your account. The request: “{change}”.',
    'Reason: {reason}',
    'It takes effect as soon as a second admin approves it, at the latest on {ready_at}.',
    'If you don’t agree, open this link and object. That stops the request, and it doesn’t sign you in.',
  ],
  button: 'Object',
  after: ['If you agree, you don’t need to do anything.'],
}

const approvalWaiting = {
  subject: 'A request needs a second admin on {instance}',
  heading: 'A request is waiting for a second admin',
  paragraphs: [
    '{asker} asked for this change: {change}.',
    'Reason: {reason}',
    'If nobody declines or objects, it takes effect on {ready_at}.',
    'To approve or decline it, sign in to {server} and open Approvals.',
  ],
  button: '',
  after: [],
}

const approvalBypassed = {
  subject: 'Change without a second admin on {instance}',
  heading: 'A change was made without a second admin',
  paragraphs: [
    'A command on the server made this change: {change}.',
    'A command on the server made these changes: {changes}.',
    'If you don’t know why, check who can use the server’s command line. The audit log has the event.',
  ],
  button: '',
  after: [],
}

const approvalRuleChanged = {
  subject: 'Two-person rule changed on {instance}',
  heading: 'The two-person rule was changed',
  paragraphs: [
    'The configuration of {server} was changed. The two-person rule is now: {rule}.',
    'If you don’t know why, check who can change the server’s configuration. The audit log has the previous values.',
  ],
  button: '',
  after: [],
}

export const approvalMails = {
  'approval-objection': approvalObjection,
  'approval-waiting': approvalWaiting,
  'approval-bypassed': approvalBypassed,
  'approval-rule-changed': approvalRuleChanged,
}
