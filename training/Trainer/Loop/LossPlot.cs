using System.Globalization;
using ScottPlot;

namespace Rewas.Trainer.Loop;

/// <summary>Plots the losses of a training.</summary>
static class LossPlot
{
    /// <param name="csv">Rows of step, loss and more, under a header.</param>
    public static void Write(string csv, string png)
    {
        var rows = File.ReadLines(csv)
            .Skip(1)
            .Select(line => line.Split(','))
            .Select(f => (Step: Number(f[0]), Loss: Number(f[1])))
            .Where(r => r.Loss > 0)
            .ToArray();
        if (rows.Length == 0)
            return;
        using var plot = new Plot();
        var line = plot.Add.Scatter(rows.Select(r => r.Step).ToArray(), rows.Select(r => Math.Log10(r.Loss)).ToArray());
        line.MarkerSize = 0;
        plot.XLabel("step");
        plot.YLabel("log10 of the loss, mean of 25 steps");
        plot.SavePng(png, 900, 500);
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
