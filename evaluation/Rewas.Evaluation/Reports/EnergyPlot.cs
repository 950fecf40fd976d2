using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Mel;
using ScottPlot;

namespace Rewas.Evaluation.Reports;

/// <summary>The energy of each sound of a clip over time, 100 frames per second, with marks at the onsets.</summary>
static class EnergyPlot
{
    const int Width = 900, Height = 120, MarkHeight = 6;                     // pixels
    const float Loudest = 1, Quietest = SilenceFloor.LogMel;
    const double Mark = MarkHeight * (double)(Loudest - Quietest) / Height;  // as high on the axis as MarkHeight in the picture

    public static string Html(Example example)
    {
        using var plot = PlotImage.Bare();
        for (var i = 0; i < example.Sounds.Count; i++)
        {
            var samples = example.Sounds[i].Samples;
            if (samples.Length < MelSpectrogram.LeastSamples)
                continue;
            var colour = Color.FromHex(PlotColours.Of(i));
            var energy = Energy.OfLogMel(MelSpectrogram.LogMel(samples));
            var line = plot.Add.Signal(energy, (double)ClipTiming.HopSamples / ClipTiming.SampleRate);
            (line.Color, line.LineWidth) = (colour, 1.2f);
            foreach (var onset in OnsetDetection.Find(samples, new OnsetSettings { Threshold = 0.3 }))
            {
                var mark = plot.Add.Line(onset.Seconds, Quietest - Mark * i, onset.Seconds, Quietest - Mark * (i + 0.8));
                (mark.Color, mark.LineWidth) = (colour, 2);
            }
        }
        var longest = Math.Max(1, example.Sounds.Max(sound => sound.Samples.Length));
        plot.Axes.SetLimits(0, (double)longest / ClipTiming.SampleRate, Quietest - Mark * example.Sounds.Count, Loudest);
        return PlotImage.Html(plot, Width, Height + MarkHeight * example.Sounds.Count);
    }
}
