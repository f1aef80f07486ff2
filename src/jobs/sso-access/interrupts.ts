// Graph v1.0 has a sign-in's error code but not the state that the portal shows (Success, Failure, Interrupted). Microsoft has no
// single list of the codes behind "Interrupted"; these are the places where it says that a code is no failure.

/**
 * The sign-in workbook of Entra counts them as "Pending action (Interrupts)", neither as a success nor as a failure.
 * @see https://github.com/microsoft/Application-Insights-Workbooks/blob/master/Workbooks/Azure%20Active%20Directory/SignIns/SignIns.workbook
 */
const OF_THE_WORKBOOK = {
  16000: 'the user has several accounts or sessions to choose from',
  16001: 'the chosen account or session was refused, and another is to be chosen',
  16003: 'the account is not in this directory yet',
  50055: 'the password has expired, and a new one is to be set',
  50058: 'there is no session yet, so the user is to sign in',
  50059: 'the directory is not known yet',
  50072: 'the user is to enroll for multi-factor authentication',
  50074: 'multi-factor authentication is to follow',
  50125: 'a password is to be reset, or registered for a reset',
  50127: 'a broker application is to be installed',
  50129: 'the device is to be registered',
  50140: 'the user is asked whether to stay signed in',
  50143: 'the session is of another directory',
  50144: 'the password of the on-premises directory has expired, and a new one is to be set',
  51006: 'Windows authentication is to follow',
  52004: 'consent to LinkedIn is to be given',
  65001: 'consent to the application is to be given',
  81010: 'the ticket for seamless single sign-on has expired, and the user is to sign in by hand',
  81012: 'the user of the device is another, and is to sign in by hand',
  81014: 'seamless single sign-on does not know the device, and the user is to sign in by hand',
};

/**
 * The reference of error codes calls them an interrupt or an expected part of the flow, or they ask for the same step as one
 * of the codes above (50076 and 50078: 50074; 50079: 50072) in a request that can show no page.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 * @see https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/kiosk-mode-user-cannot-sign-in for 50158
 */
const OF_THE_REFERENCE = {
  50076: 'multi-factor authentication is to follow',
  50078: 'multi-factor authentication is to be repeated',
  50079: 'the user is to enroll for multi-factor authentication',
  50097: 'the device is to prove itself',
  50158: 'the user is sent to the terms of use, or to another provider of multi-factor authentication',
  50168: 'the browser is to fetch its token for single sign-on',
  50199: 'the user is to confirm the application',
  90095: 'an administrator is to be asked for consent',
  1000002: 'an account was linked, and the user is to be told',
};

/**
 * Microsoft's rule for failed sign-ins leaves them out: a session has reached the age at which a policy asks to sign in again.
 * @see https://github.com/Azure/Azure-Sentinel/blob/master/Solutions/Microsoft%20Entra%20ID/Analytic%20Rules/FailedLogonToAzurePortal.yaml
 */
const OF_THE_RULES = {
  70043: 'the token is to be renewed by signing in',
  70044: 'the session is to be renewed by signing in',
};

// 500121 is none of them, although one page of Microsoft shows it among interrupts: the user did not pass the second factor.
const INTERRUPTS: ReadonlySet<number> = new Set(
  Object.keys({ ...OF_THE_WORKBOOK, ...OF_THE_REFERENCE, ...OF_THE_RULES }).map(Number),
);

/** Whether an error code means a step on the way of a sign-in, such as a multi-factor prompt, rather than its failure. */
export const isInterrupt = (errorCode: number | null): boolean => errorCode !== null && INTERRUPTS.has(errorCode);
