import { runActionStep, runPost } from './action-step.ts';
import type { StepResult } from './contract.ts';
import { asText, evaluate, holds, text, texts } from './expressions.ts';
import { annotate, conclude, type JobRuntime, type Post, stepScope } from './job-runtime.ts';
import type { Step } from './parse.ts';
import { runScriptStep } from './script-step.ts';
import type { StepEffects } from './step-process.ts';

/** When a job must end. */
interface Interruption {
  /** Steps whose condition no longer holds are interrupted. */
  readonly cancelled: AbortSignal;
  /** Every step is interrupted and none starts: five minutes after the cancellation, or a broken simulation. */
  readonly forced: AbortSignal;
}

/** Runs the steps one after the other, then the post steps in reverse order. */
export async function runSteps(runtime: JobRuntime, interruption: Interruption): Promise<void> {
  for (const step of runtime.job.steps) {
    if (interruption.forced.aborted) return;
    await runStep(runtime, step, interruption);
  }
  for (const post of runtime.posts.toReversed()) {
    if (interruption.forced.aborted) return;
    await runPostStep(runtime, post, interruption);
  }
}

async function runStep(runtime: JobRuntime, step: Step, interruption: Interruption): Promise<void> {
  const uses = step.fields.get('uses');
  const scope = stepScope(runtime);
  const script = uses === undefined ? text(step.fields.get('run'), scope).trim().split('\n')[0] : undefined;
  const name = text(step.fields.get('name'), scope) || `Run ${script ?? text(uses, scope)}`;
  const env = { ...runtime.env, ...texts(step.fields.get('env'), scope) };
  const tolerated = () => evaluate(step.fields.get('continue-on-error'), stepScope(runtime, env)) === true;
  const minutes = Number(asText(evaluate(step.fields.get('timeout-minutes'), stepScope(runtime, env)))) || 0;
  const plan = { id: step.id, name, condition: step.condition, env, minutes };
  const result = await underControl(runtime, plan, interruption, (signal) => {
    const request = { runtime, step, name, env, signal };
    return uses === undefined ? runScriptStep(request) : runActionStep(request);
  });
  const conclusion = result.outcome === 'failure' && tolerated() ? 'success' : result.outcome;
  const finished = { ...result, conclusion };
  runtime.steps.push(finished);
  conclude(runtime, finished);
}

async function runPostStep(runtime: JobRuntime, post: Post, interruption: Interruption): Promise<void> {
  const name = `Post ${post.stepName}`;
  const plan = { id: '__post', name, condition: post.manifest.postCondition, env: post.env, minutes: 0 };
  const result = await underControl(runtime, plan, interruption, (signal) => runPost(runtime, post, signal));
  runtime.steps.push(result);
  conclude(runtime, result);
}

interface Plan {
  readonly id: string;
  readonly name: string;
  readonly condition: string;
  readonly env: Readonly<Record<string, string>>;
  /** 0 for no limit of its own. */
  readonly minutes: number;
}

/** Runs the body if the condition holds, until it ends, times out or is cancelled. */
async function underControl(
  runtime: JobRuntime,
  { id, name, condition, env, minutes }: Plan,
  { cancelled, forced }: Interruption,
  body: (signal: AbortSignal) => Promise<StepEffects>,
): Promise<StepResult> {
  const wanted = () => holds(condition, stepScope(runtime, env));
  const result = (outcome: StepResult['outcome'], outputs: Record<string, string> = {}): StepResult => {
    return { id, name, outcome, conclusion: outcome, outputs };
  };
  if (!wanted()) return result('skipped');
  runtime.run.emit({ kind: 'step-start', job: runtime.key, step: name });
  const controller = new AbortController();
  // A step that starts after the cancellation was wanted in spite of it (actions/runner src/Runner.Worker/StepsRunner.cs).
  const onCancel = () => {
    if (!wanted()) controller.abort('cancelled');
  };
  const onForce = () => controller.abort('cancelled');
  cancelled.addEventListener('abort', onCancel, { once: true });
  forced.addEventListener('abort', onForce, { once: true });
  const limit = (minutes * 60_000) / runtime.run.clockRate;
  const timer = minutes > 0 ? setTimeout(() => controller.abort('timeout'), limit) : undefined;
  try {
    const { succeeded, outputs } = await body(controller.signal);
    if (controller.signal.reason === 'timeout') {
      annotate(runtime, name, 'error', `The action '${name}' has timed out after ${minutes} minutes.`);
      return result('failure', outputs);
    }
    if (controller.signal.aborted) {
      annotate(runtime, name, 'error', 'The operation was canceled.');
      return result('cancelled', outputs);
    }
    return result(succeeded ? 'success' : 'failure', outputs);
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', onCancel);
    forced.removeEventListener('abort', onForce);
  }
}
