// The faults of a policy's templates, in the words that its status would have.
import type { JudgeTexts } from '../api/manifest/surroundings.ts';
import { templatesOf, templateViolations, textsOf } from '../policies/rule-templates.ts';

export const templateFaults: JudgeTexts = ({ spec }, dataOf) =>
  templatesOf(spec).flatMap((rule) => {
    const name = rule.template?.configMapRef?.name;
    const data = name === undefined ? undefined : dataOf(name);
    // A ConfigMap that is elsewhere, or missing, is a matter of its own.
    if (name !== undefined && data === undefined) return [];
    return templateViolations(rule, data && textsOf({ data }));
  });
