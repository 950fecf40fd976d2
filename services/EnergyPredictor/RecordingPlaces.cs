using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting;

namespace Rewas.EnergyPredictor;

/// <summary>
/// What measuring a recording holds: an upload, bytes on disk, and a place. A place costs memory, so it is taken only when the whole
/// recording is there.
/// </summary>
public sealed class RecordingPlaces(IOptions<EnergyPredictorOptions> configured)
{
    const string Field = "recording";

    readonly SharedPlaces uploads = new(
        Field, (configured.Value.MaxConcurrentUploads, nameof(EnergyPredictorOptions.MaxConcurrentUploads)),
        (configured.Value.MaxUploadsPerCaller, nameof(EnergyPredictorOptions.MaxUploadsPerCaller)));

    readonly SharedPlaces measuring = new(
        Field, (configured.Value.MaxConcurrentRecordings, nameof(EnergyPredictorOptions.MaxConcurrentRecordings)),
        (configured.Value.MaxRecordingsPerCaller, nameof(EnergyPredictorOptions.MaxRecordingsPerCaller)));

    readonly SharedBytes bytes = new(
        Field, (configured.Value.MaxTotalUploadBytes, nameof(EnergyPredictorOptions.MaxTotalUploadBytes)),
        configured.Value.MaxTotalUploadBytes / 2);

    /// <exception cref="InputFault">Exhausted: too many calls upload, or too many of this caller.</exception>
    public IDisposable Admit(string caller) => uploads.Enter(caller);

    /// <summary>Begins to count the bytes of an upload.</summary>
    public SharedBytes.Holding Bytes(string caller) => bytes.Begin(caller);

    /// <summary>Waits for a place, released by disposal.</summary>
    public Task<IDisposable> EnterAsync(string caller, CancellationToken cancellation) => measuring.EnterAsync(caller, cancellation);
}
