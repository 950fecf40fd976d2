using System.Numerics.Tensors;
using Rewas.Clip;

namespace Rewas.Sound.Placement;

/// <summary>
/// All units that may be cut from the recordings: a quarter of a second, starting every 40 ms. To bound the search, many recordings are cut
/// every 80 ms, and very many only near their beginnings.
/// </summary>
sealed class UnitGrid
{
    /// <summary>Frames of a unit, and frames between adjacent units of the placed sound.</summary>
    public const int Length = 24, Step = 8;

    const int FineGrid = 4, MaximumUnits = 12_000;
    const int Bands = 16;                                                    // of the spectrum at a unit's ends
    const float LevelCost = 0.15f, SteadyLevelCost = 0.03f;                  // weight of the squared level difference
    const float MostUnrest = 0.2f;                                           // nepers, within the loud units of a steady recording
    const float LoudRange = 2;                                               // nepers below the loudest unit

    readonly int grid;
    readonly int[] firstOfRecording;                                         // [recordings + 1]
    readonly float[] shapes;                                                 // [units, 24], without their means
    readonly float[] squares, levels;                                        // squared norms of the shapes; means
    readonly float[] first, after;                                           // [units, 16] spectrum at the start, and one step later
    readonly bool[] steady;                                                  // [recordings]

    public UnitGrid(IReadOnlyList<RecordingAnalysis> recordings)
    {
        grid = recordings.Sum(recording => (long)recording.Energy.Length) <= FineGrid * MaximumUnits ? FineGrid : Step;
        var mostOfOne = Math.Max(1, MaximumUnits / recordings.Count);
        var isBounded = recordings.Sum(UnitsOf) > MaximumUnits;
        firstOfRecording = new int[recordings.Count + 1];
        for (var i = 0; i < recordings.Count; i++)
            firstOfRecording[i + 1] = firstOfRecording[i]
                + (isBounded ? Math.Min(UnitsOf(recordings[i]), mostOfOne) : UnitsOf(recordings[i]));
        Count = firstOfRecording[^1];
        (Recording, Start) = (new int[Count], new int[Count]);
        (shapes, squares, levels) = (new float[Count * Length], new float[Count], new float[Count]);
        (first, after) = (new float[Count * Bands], new float[Count * Bands]);
        for (var i = 0; i < recordings.Count; i++)
            for (var unit = firstOfRecording[i]; unit < firstOfRecording[i + 1]; unit++)
                Measure(recordings[i], i, unit, (unit - firstOfRecording[i]) * grid);
        steady = [.. Enumerable.Range(0, recordings.Count).Select(i => Unrest(firstOfRecording[i], firstOfRecording[i + 1]) <= MostUnrest)];
    }

    public int Count { get; }

    /// <summary>Recording of each unit, [units].</summary>
    public int[] Recording { get; }

    /// <summary>First frame of each unit in its recording, [units].</summary>
    public int[] Start { get; }

    /// <summary>
    /// Whether a unit is part of a steady sound, such as rain, surf or an engine. Its energy hardly changes within a unit, so a gain moves
    /// it to the curve unheard. A jump for the sake of the level would be heard.
    /// </summary>
    public bool IsSteady(int unit) => steady[Recording[unit]];

    /// <summary>The unit of the same recording that starts this many frames later, or -1.</summary>
    public int Neighbour(int unit, int frames)
    {
        var recording = Recording[unit];
        var neighbour = unit + frames / grid;                                // steps are multiples of the grid
        return neighbour >= firstOfRecording[recording] && neighbour < firstOfRecording[recording + 1] ? neighbour : -1;
    }

    /// <summary>The units that share a frame with a banned part of their recording.</summary>
    public Range Inside(BannedUnits part)
    {
        var (first, count) = (firstOfRecording[part.Recording], firstOfRecording[part.Recording + 1] - firstOfRecording[part.Recording]);
        // The first unit that ends after the part's start, and the first that does not start before the part's end.
        var from = (int)Math.Clamp(Math.Floor((part.SourceStart - Length) / grid) + 1, 0, count);
        var until = (int)Math.Clamp(Math.Ceiling(part.SourceEnd / grid), from, count);
        return (first + from)..(first + until);
    }

    /// <summary>Cost of each unit for a part of the curve: course of the energy, and level.</summary>
    /// <param name="target">[24].</param>
    /// <param name="costs">[units].</param>
    public void Costs(ReadOnlySpan<float> target, Span<float> costs)
    {
        Span<float> shape = stackalloc float[Length];
        var level = TensorPrimitives.Average(target);
        TensorPrimitives.Subtract(target, level, shape);
        var square = TensorPrimitives.SumOfSquares<float>(shape);
        for (var unit = 0; unit < Count; unit++)
        {
            var both = TensorPrimitives.Dot(shapes.AsSpan(unit * Length, Length), shape);
            var gap = levels[unit] - level;
            costs[unit] = (squares[unit] + square - 2 * both) / Length + (IsSteady(unit) ? SteadyLevelCost : LevelCost) * gap * gap;
        }
    }

    /// <summary>Spectral discontinuity between two units: mean square over bands, nepers.</summary>
    public float Break(int from, int to)
    {
        var distance = TensorPrimitives.Distance<float>(after.AsSpan(from * Bands, Bands), first.AsSpan(to * Bands, Bands));
        return distance * distance / Bands;
    }

    /// <summary>Deviation of the energy within the loud ones of some units, nepers.</summary>
    float Unrest(int from, int to)
    {
        var loud = TensorPrimitives.Max<float>(levels.AsSpan(from..to)) - LoudRange;
        var (sum, count) = (0f, 0);
        for (var unit = from; unit < to; unit++)
            if (levels[unit] >= loud)
                (sum, count) = (sum + squares[unit] / Length, count + 1);
        return MathF.Sqrt(sum / count);
    }

    int UnitsOf(RecordingAnalysis recording) => Math.Max(1, (recording.Energy.Length - Length + grid - 1) / grid);

    void Measure(RecordingAnalysis recording, int index, int unit, int start)
    {
        (Recording[unit], Start[unit]) = (index, start);
        var energy = recording.Smooth.AsSpan(start, Length);
        levels[unit] = TensorPrimitives.Average<float>(energy);
        var shape = shapes.AsSpan(unit * Length, Length);
        TensorPrimitives.Subtract(energy, levels[unit], shape);
        squares[unit] = TensorPrimitives.SumOfSquares<float>(shape);
        Pool(recording.LogMel, start, first.AsSpan(unit * Bands, Bands));
        Pool(recording.LogMel, start + Step, after.AsSpan(unit * Bands, Bands));
    }

    static void Pool(float[] logMel, int frame, Span<float> bands)
    {
        const int Width = ClipTiming.MelBins / Bands;
        for (var band = 0; band < Bands; band++)
            bands[band] = TensorPrimitives.Average<float>(logMel.AsSpan(frame * ClipTiming.MelBins + band * Width, Width));
    }
}
