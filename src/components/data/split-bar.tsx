import { count } from './words.ts';

/** How the items are shared out; of the test part only its number and hatching. */
export function SplitBar({
  items,
  looks,
}: {
  items: { train: number; validation: number; test: number };
  looks: number;
}) {
  const total = items.train + items.validation + items.test;
  const per = (n: number) => `${Math.round((n / total) * 1000) / 10} %`;
  const columns = { gridTemplateColumns: `${items.train}fr ${items.validation}fr ${items.test}fr` };
  return (
    <section aria-labelledby="split">
      <h2 id="split" className="vh">
        Split
      </h2>
      <div
        className="splitbar"
        style={columns}
        role="img"
        aria-label={`${per(items.train)} train, ${per(items.validation)} validation, ${per(items.test)} test, sealed`}
      >
        <div className="tr" />
        <div className="va" />
        <div className="te" />
      </div>
      <div
        className="splitlab"
        style={{
          gridTemplateColumns: `minmax(0, ${items.train}fr) minmax(84px, ${items.validation}fr) minmax(56px, ${items.test}fr)`,
        }}
      >
        <div>
          <b>{count(items.train)} train</b>
          <small>
            {per(items.train)}. <span>What runs learn from. Browse as you like.</span>
          </small>
        </div>
        <div>
          <b>{count(items.validation)} validation</b>
          <small>
            {per(items.validation)}. {looks > 0 && `Looked at ${count(looks)} times.`}
          </small>
        </div>
        <div>
          <b className="acc">{count(items.test)} test</b>
          <small>{per(items.test)}. Sealed.</small>
        </div>
      </div>
    </section>
  );
}
