// Draws [data-chart] from the JSON beside it with ECharts, in the palette of the badges; ECharts comes with the first chart.
(() => {
  const root = document.documentElement;
  const drawn = new Map();
  let library = null;

  const script = (src) => new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: failed }));
  });
  const load = (box) => (library ||= script(box.dataset.src).then(() => script(box.dataset.localeSrc)));

  // ECharts reads no CSS variables and no light-dark(): a probe element resolves them.
  function colour(name) {
    const probe = document.createElement("i");
    probe.style.color = name;
    document.body.append(probe);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    probe.remove();
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgb(${red},${green},${blue})`;
  }
  const TONES = { secondary: "#8b8e95", dark: "light-dark(#33353a, #b9bcc2)" };
  function palette(name) {
    const lift = root.dataset.bsTheme === "dark" ? "white 16%" : "white 0%";
    return colour(TONES[name] || `color-mix(in srgb, var(--tblr-${name}), ${lift})`);
  }

  const digits = (value, most) => Number(value).toLocaleString(root.lang, { maximumFractionDigits: most });
  function span(seconds) {
    const units = root.lang === "vi" ? [" ngày", " giờ", " phút", " giây"] : [" d", " h", " min", " s"];
    const at = [86400, 3600, 60, 1].findIndex((size) => seconds >= size);
    return at < 0 ? `0${units[3]}` : digits(seconds / [86400, 3600, 60, 1][at], 1) + units[at];
  }
  function money(value) {
    const [billion, million] = root.lang === "vi" ? [" tỷ", " tr"] : ["B", "M"];
    if (Math.abs(value) >= 1e9) return digits(value / 1e9, 2) + billion;
    return Math.abs(value) >= 1e6 ? digits(value / 1e6, 1) + million : digits(value, 0);
  }
  const write = {
    number: (value) => digits(value, 1),
    percent: (value) => digits(value * 100, 1) + (root.lang === "vi" ? "\u00a0%" : "%"),
    money,
    duration: span,
  };

  function look() {
    return {
      ink: colour("var(--tblr-body-color)"), soft: colour("var(--ink-soft)"), line: colour("var(--line)"), surface: colour("var(--surface)"),
    };
  }

  function tooltip(ink, format) {
    return {
      renderMode: "richText", confine: true, backgroundColor: ink.surface, borderColor: ink.line, borderWidth: 1, padding: [8, 12],
      textStyle: { color: ink.ink, fontSize: 13 }, valueFormatter: (value) => (value == null ? "–" : format(value)),
    };
  }

  function funnel(data, ink, format) {
    const [series] = data.series;
    const top = series.values[0] || 1;
    const soft = data.labels.map((_, index) => palette(data.colours[index] || series.colour));
    return {
      grid: { left: 4, right: 104, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: { type: "value", show: false, max: top },
      yAxis: { type: "category", inverse: true, data: data.labels, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink.ink, fontSize: 13, margin: 14 } },
      tooltip: { ...tooltip(ink, format), trigger: "item" },
      series: [{
        type: "bar", name: series.name, barCategoryGap: "28%", showBackground: true,
        backgroundStyle: { color: ink.line, opacity: 0.45, borderRadius: 6 },
        data: series.values.map((value, index) => ({ value, itemStyle: { color: soft[index], borderRadius: 6 } })),
        label: {
          show: true, position: "right", color: ink.ink, fontWeight: 600, fontSize: 13, rich: { share: { color: ink.soft, fontSize: 12, fontWeight: 400 } },
          formatter: ({ value, dataIndex }) => format(value) + (dataIndex ? `  {share|${write.percent(value / (series.values[dataIndex - 1] || 1))}}` : ""),
        },
      }],
    };
  }

  function heat(data, ink, format) {
    const cells = data.series.flatMap((each, row) => each.values.map((value, column) => [column, row, value || 0]));
    const names = (labels, more) => ({ type: "category", data: labels, splitArea: { show: false }, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink.soft, hideOverlap: true }, ...more });
    return {
      grid: { left: 4, right: 8, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: names(data.labels), yAxis: names(data.series.map((each) => each.name), { inverse: true }),
      visualMap: { show: false, min: 0, max: Math.max(1, ...cells.map((cell) => cell[2])), inRange: { color: [ink.surface, palette("blue")] } },
      tooltip: { ...tooltip(ink, format), trigger: "item", formatter: ({ value }) => `${data.series[value[1]].name}, ${data.labels[value[0]]}: ${format(value[2])}` },
      series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: ink.surface, borderWidth: 2, borderRadius: 4 }, emphasis: { itemStyle: { borderColor: ink.ink } } }],
    };
  }

  // Left and right are nodes of their own: a way that leads back would be a circle, which no flow chart can draw.
  function sankey(data, ink, format) {
    const from = (name) => `${name} `;
    const tones = Object.fromEntries(data.series.map((each) => [each.name, palette(each.colour)]));
    const links = data.series.flatMap((each) => each.values.map((value, index) => ({ source: from(each.name), target: data.labels[index], value })).filter((link) => link.value));
    const named = new Set(links.flatMap((link) => [link.source, link.target]));
    return {
      tooltip: { ...tooltip(ink, format), trigger: "item" },
      series: [{
        type: "sankey", left: 4, right: 110, top: 8, bottom: 8, nodeGap: 12, nodeWidth: 12, draggable: false, links,
        data: [...named].map((name) => ({ name, itemStyle: { color: tones[name.trim()], borderWidth: 0 } })),
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 }, label: { color: ink.ink, fontSize: 13 }, emphasis: { focus: "adjacency" },
      }],
    };
  }

  function series(data, each, index, ink) {
    const tone = palette(each.colour);
    const bars = ["bar", "hbar", "stack"].includes(data.kind);
    const marks = data.target != null && index === 0 ? {
      silent: true, symbol: "none", lineStyle: { color: ink.soft, type: "dashed" }, label: { show: false }, data: [{ [data.kind === "hbar" ? "xAxis" : "yAxis"]: data.target }],
    } : undefined;
    return {
      name: each.name, type: bars ? "bar" : "line", data: each.values, markLine: marks, smooth: 0.25, showSymbol: data.labels.length < 3 || each.values.filter((value) => value != null).length < 2, symbolSize: 7,
      stack: data.kind === "stack" ? "all" : undefined, barMaxWidth: 34, connectNulls: false, emphasis: { focus: "series" },
      itemStyle: { color: tone, borderRadius: data.kind === "bar" ? [4, 4, 0, 0] : data.kind === "hbar" ? [0, 4, 4, 0] : 0 },
      lineStyle: { width: 2.25, color: tone, type: each.dashed ? "dashed" : "solid" },
      areaStyle: data.kind === "area" && !each.dashed ? { color: tone, opacity: 0.1 } : undefined,
    };
  }

  function axes(data, ink, format) {
    const values = {
      type: "value", axisLabel: { color: ink.soft, formatter: format }, splitLine: { lineStyle: { color: ink.line } }, minInterval: data.unit === "number" ? 1 : 0, max: data.unit === "percent" && data.kind === "stack" ? 1 : undefined,
    };
    const names = {
      type: "category", data: data.labels, axisLabel: { color: ink.soft, hideOverlap: true }, axisLine: { lineStyle: { color: ink.line } }, axisTick: { show: false },
      boundaryGap: !["line", "area"].includes(data.kind), inverse: data.kind === "hbar",
    };
    return data.kind === "hbar" ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values };
  }

  function options(data) {
    const ink = look();
    const format = write[data.unit];
    const base = { animationDuration: 350, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, aria: { enabled: false } };
    const own = { funnel, heat, sankey }[data.kind];
    if (own) return { ...base, ...own(data, ink, format) };
    const many = data.series.length > 1;
    return {
      ...base, ...axes(data, ink, format),
      grid: { left: 4, right: 18, top: many ? 40 : 14, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: many ? { type: "scroll", top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, itemGap: 18, textStyle: { color: ink.soft, fontSize: 13 }, inactiveColor: ink.line } : undefined,
      tooltip: { ...tooltip(ink, format), trigger: "axis", axisPointer: { type: data.kind.includes("bar") || data.kind === "stack" ? "shadow" : "line", lineStyle: { color: ink.soft }, shadowStyle: { color: ink.line, opacity: 0.35 } } },
      series: data.series.map((each, index) => series(data, each, index, ink)),
    };
  }

  async function draw(box, animate = true) {
    await Promise.all([load(box), document.fonts.ready]);
    if (!box.isConnected || drawn.has(box)) return;
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const chart = window.echarts.init(box, null, { renderer: "svg", locale: root.lang === "vi" ? "VI" : "EN" });
    chart.setOption({ ...options(data), animation: animate && !window.matchMedia("(prefers-reduced-motion: reduce)").matches });
    const opens = ({ dataIndex }) => data.hrefs[dataIndex];
    chart.on("click", (at) => opens(at) && location.assign(opens(at)));
    drawn.set(box, { chart, data });
    sizes.observe(box);
  }

  function forget() {
    for (const [box, { chart }] of drawn) {
      if (box.isConnected) continue;
      sizes.unobserve(box);
      chart.dispose();
      drawn.delete(box);
    }
  }

  const sizes = new ResizeObserver((changes) => changes.forEach(({ target }) => drawn.get(target)?.chart.resize()));
  const scan = (animate) => document.querySelectorAll("[data-chart]").forEach((box) => draw(box, animate));

  document.addEventListener("theme-changed", () => {
    for (const { chart, data } of drawn.values()) chart.setOption(options(data), { notMerge: true });
  });
  document.addEventListener("htmx:load", () => { forget(); scan(document.readyState === "loading"); });
  scan(true);
})();
