using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Rendering.References;
using Rewas.V1;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;
using GenerateRequest = Rewas.Client.GenerateRequest;

namespace Rewas.Rendering;

/// <summary>Places a caller's own recordings under the curve of a clip.</summary>
/// <param name="client">Predicts the curve. Null if every curve is known.</param>
/// <param name="files">Finds the recordings.</param>
sealed class RecordingPlacer(RewasClient? client, ReferenceFiles files)
{
    static readonly ReferenceLimits Limits = new();

    /// <summary>
    /// :: Step 1: find the recordings, given or in the library. :: Step 2: predict the curve if it is not known. :: Step 3: place them, or
    /// take the pieces of a sidecar.
    /// </summary>
    /// <param name="request">The request for the sound, with the curve and the edits of the order.</param>
    /// <param name="given">The pieces of a sidecar; null to place the recordings.</param>
    /// <returns>Null if there are no recordings.</returns>
    /// <exception cref="InputFault">A recording, the curve or an edit cannot be used.</exception>
    public async Task<PlacedClip?> PlaceAsync(
        SoundOrder order, GenerateRequest request, VideoClip clip, ReferencesUsed? given, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        // :: Step 1
        var isGiven = order.References is { Recordings.Count: > 0 };
        if (!isGiven && order.References?.Library != MemoryNames.On)
            return order.Options.HasReferenceStrength
                ? throw InputFault.Invalid("reference-strength", "needs recordings (--reference FILE, or --library on)")
                : null;
        IReadOnlyList<ReferenceSound> asked = isGiven ? order.References!.Recordings : files.Matching(order.Options.Prompt, cancellation);
        if (asked.Count == 0)
            return null;
        var recordings = await ReferenceRecordings.OpenAsync(asked, files, Limits, fromLibrary: !isGiven, cancellation);
        try
        {
            // :: Step 2
            var (known, predicted) = await EnergyAsync(request, clip, progress, cancellation);
            InputFault.ThrowIfAny([.. request.Edits.SelectMany(edit => edit.Faults(known.Curve.Count))]);
            var curve = known.Curve.Apply(request.Edits, cancellation);

            // :: Step 3
            var placed = given is null
                ? await Task.Run(
                    () => PlacedReferences.Place(recordings, order, curve.Values, known.Curve.Values, cancellation), cancellation)
                : PlacedReferences.Of(given, recordings, Math.Max(1, order.Options.Candidates));
            return new(placed, known with { Curve = curve }, predicted, order.Options.ReferenceStrength);
        }
        catch
        {
            recordings.Dispose();
            throw;
        }
    }

    async Task<(KnownEnergy Known, GenerateResult? Predicted)> EnergyAsync(
        GenerateRequest request, VideoClip clip, IProgress<GenerateProgress>? progress, CancellationToken cancellation)
    {
        request.ThrowIfInvalid();
        if (request.Energy is { } known)
            return (known, null);
        var predicted = await client!.PredictEnergyAsync(new() { Video = clip.Source }, progress, cancellation);
        return (new(EnergyCurve.Of([.. predicted.PredictedEnergy]), predicted.Video) { Descriptors = predicted.Descriptors }, predicted);
    }
}
