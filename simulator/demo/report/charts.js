/* Runs in the reader's browser, after uPlot. Draws the timeline that the page carries as JSON. */
(() => {
  const timeline = JSON.parse(document.getElementById('timeline').textContent);
  const COLOURS = { 'live build': '#2563eb', 'read-only copy': '#f59e0b', 'new build': '#16a34a', nobody: '#9ca3af' };
  const RED = '#dc2626';
  const INK = getComputedStyle(document.documentElement);
  const colour = (name) => INK.getPropertyValue(name).trim();
  const AXIS = 62; // width of the y axis, so that lanes and charts lie over one another
  const cursor = { sync: { key: 'time' }, drag: { x: true, y: false } };
  const first = timeline.databases[0]?.name;

  draw(
    'requests',
    230,
    stacked([
      ...timeline.served.map((one) => ({ name: one.name, colour: COLOURS[one.role], values: one.perSecond })),
      { name: 'failed', colour: RED, values: timeline.failedPerSecond },
    ]),
  );
  draw(
    'orders',
    120,
    stacked([
      { name: 'accepted', colour: '#16a34a', values: timeline.acceptedPerSecond },
      { name: 'refused', colour: '#f59e0b', values: timeline.refusedPerSecond },
    ]),
  );
  draw('latency', 150, {
    data: [timeline.seconds, timeline.p50Ms, timeline.maxMs],
    series: [line('median', '#2563eb'), line('slowest', '#9ca3af')],
    bands: [],
  });
  lane(
    'phases',
    timeline.phases.map((phase) => ({ ...phase, kind: phase.ok ? '' : 'red' })),
  );
  lane(
    'databases',
    timeline.databases.map((one) => ({ ...one, kind: one.name === first ? 'original' : 'clone' })),
  );

  /** Areas on top of one another: each series is drawn down to the one before it. */
  function stacked(parts) {
    let below = timeline.seconds.map(() => 0);
    const sums = parts.map((part) => (below = below.map((sum, at) => sum + part.values[at])));
    return {
      data: [timeline.seconds, ...sums.toReversed()],
      series: parts.toReversed().map((part) => ({
        label: part.name,
        stroke: part.colour,
        fill: `${part.colour}99`,
        width: 1,
        points: { show: false },
        value: (_, __, ___, index) => (index == null ? '–' : `${part.values[index]} /s`),
      })),
      bands: parts.slice(1).map((_, at) => ({ series: [at + 1, at + 2] })),
    };
  }

  function line(label, colour) {
    return {
      label,
      stroke: colour,
      width: 1.5,
      points: { show: false },
      value: (_, v) => (v == null ? '–' : `${v.toFixed(1)} ms`),
    };
  }

  function draw(id, height, { data, series, bands }) {
    const place = document.getElementById(id);
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height,
        cursor,
        bands,
        scales: {
          x: { time: false, range: [0, timeline.end] },
          y: { range: (_, __, max) => [0, Math.max(max * 1.1, 1)] },
        },
        axes: [
          {
            stroke: colour('--quiet'),
            values: (_, values) => values.map((v) => `${v} s`),
            size: 28,
            grid: { show: false },
          },
          {
            stroke: colour('--quiet'),
            size: AXIS,
            grid: { stroke: colour('--line') },
            ticks: { stroke: colour('--line') },
          },
        ],
        series: [{ label: 'Time', value: (_, v) => (v == null ? '–' : `${v.toFixed(1)} s`) }, ...series],
        hooks: { drawClear: [shadeWindows] },
        padding: [8, 18, 0, 0],
      },
      data,
      place,
    );
    addEventListener('resize', () => plot.setSize({ width: place.clientWidth, height }));
  }

  function shadeWindows(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const window of timeline.windows) {
      const left = plot.valToPos(window.from, 'x', true);
      ctx.fillStyle = colour('--window');
      ctx.fillRect(left, bbox.top, plot.valToPos(window.until, 'x', true) - left, bbox.height);
    }
    ctx.strokeStyle = colour('--quiet');
    ctx.setLineDash([3, 3]);
    for (const phase of timeline.phases) {
      const left = Math.round(plot.valToPos(phase.from, 'x', true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  function lane(id, spans) {
    const place = document.getElementById(id);
    for (const span of spans) {
      const element = document.createElement('span');
      const width = Math.max(span.until - span.from, 0.05) / timeline.end;
      // As wide as the charts: between the axis and their right padding.
      element.style.left = `calc(${AXIS}px + (100% - ${AXIS + 18}px) * ${span.from / timeline.end})`;
      element.style.width = `calc((100% - ${AXIS + 18}px) * ${width})`;
      element.className = span.kind;
      const label = document.createElement('i');
      label.textContent = span.name;
      element.append(label);
      element.title = `${span.name}: ${span.from.toFixed(1)} s to ${span.until.toFixed(1)} s`;
      place.append(element);
    }
  }
})();
