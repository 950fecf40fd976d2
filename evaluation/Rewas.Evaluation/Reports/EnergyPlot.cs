using System.Globalization;
using System.Text;
using Rewas.Audio;
using Rewas.Networks;

namespace Rewas.Evaluation;

/// <summary>The energy of each sound of a clip over time, 100 frames per second, with marks at the onsets.</summary>
static class EnergyPlot
{
    const int Width = 900, Height = 120, MarkHeight = 6;
    const float Loudest = 1, Quietest = SilenceFloor.LogMel;

    public static string Svg(Example example)
    {
        var longest = Math.Max(1, example.Sounds.Max(sound => sound.Samples.Length));
        var svg = new StringBuilder(
            $"<svg viewBox=\"0 0 {Width} {Height + MarkHeight * example.Sounds.Count}\" width=\"{Width}\" role=\"img\">");
        for (var i = 0; i < example.Sounds.Count; i++)
        {
            var samples = example.Sounds[i].Samples;
            if (samples.Length < MelSpectrogram.LeastSamples)
                continue;
            var energy = Energy.OfLogMel(MelSpectrogram.LogMel(samples));
            var points = energy.Select((value, frame) =>
                Number(frame * (double)ClipTiming.HopSamples / longest * Width) + ","
                + Number((Loudest - value) / (Loudest - Quietest) * Height));
            var colour = PlotColours.Of(i);
            svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.2\" points=\"{string.Join(' ', points)}\"/>");
            foreach (var onset in OnsetDetection.Find(samples, new OnsetSettings { Threshold = 0.3 }))
            {
                var x = Number(onset.Seconds * ClipTiming.SampleRate / longest * Width);
                var (top, bottom) = (Height + MarkHeight * i, Height + MarkHeight * (i + 1) - 1);
                svg.Append($"<line x1=\"{x}\" x2=\"{x}\" y1=\"{top}\" y2=\"{bottom}\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            }
        }
        return svg.Append("</svg>").ToString();
    }

    static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
