// What our pages take from uPlot: the build bundles it into vendor/uplot.js.
export { default } from "uplot";
