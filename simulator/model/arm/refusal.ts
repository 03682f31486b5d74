import type { Answer } from './answer.ts';

/** Thrown by whatever looks at a request and cannot do what it asks; becomes its answer. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer, message: string) {
    super(message);
    this.name = 'Refusal';
    this.answer = answer;
  }
}

/** What a handler answers, be it a refusal. */
export function answerOf(handle: () => Answer): Answer {
  try {
    return handle();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

/** In the shape of Azure Resource Manager itself, and of Microsoft.Sql. */
export function armRefusal(status: number, code: string, message: string, headers?: Record<string, string>): Refusal {
  return new Refusal({ status, body: { error: { code, message } }, ...(headers && { headers }) }, message);
}

/** The error that every provider answers for what is not there. */
export function notFound(resource: string, group: string): Refusal {
  return armRefusal(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** In the shape of Microsoft.Web. Its extended code is null, as Azure leaves it at times, where we do not know it. */
export function webRefusal(
  status: number,
  code: string,
  template: string,
  parameters: readonly string[] = [],
  extendedCode: string | null = null,
): Refusal {
  const message = template.replace(/\{(\d)\}/g, (_, index) => parameters[Number(index)] ?? '');
  const body = {
    Code: code,
    Message: message,
    Target: null,
    Details: [
      { Message: message },
      { Code: code },
      {
        ErrorEntity: {
          ExtendedCode: extendedCode,
          MessageTemplate: template,
          Parameters: parameters,
          Code: code,
          Message: message,
        },
      },
    ],
    Innererror: null,
  };
  return new Refusal({ status, body }, message);
}
