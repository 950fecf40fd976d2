using System.IO.MemoryMappedFiles;
using Microsoft.ML.OnnxRuntime;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;

namespace Rewas.Networks.Onnx;

/// <summary>
/// A published ONNX graph, ready to run. It may be embedded in another file. Its weights stay in that file, mapped and shared between
/// processes. Thread-safe.
/// </summary>
public sealed class PublishedGraph : IDisposable
{
    /// <summary>Held to write while pages are given back, and to read while a graph's weights are mapped or unmapped.</summary>
    static readonly ReaderWriterLockSlim mapping = new();

    readonly string name, fileName;
    readonly InferenceSession session;
    readonly IReadOnlyList<Port> inputs;
    readonly string[] inputNames, outputNames;

    PublishedGraph(string name, string fileName, InferenceSession session, IReadOnlyList<Port> inputs, string output)
    {
        (this.name, this.fileName, this.session, this.inputs) = (name, fileName, session, inputs);
        (inputNames, outputNames) = ([.. inputs.Select(port => port.Name)], [output]);
    }

    /// <param name="name">Name in messages.</param>
    /// <exception cref="InputFault">The file is missing or does not hold such a graph.</exception>
    public static PublishedGraph Load(string name, FileRange file, IReadOnlyList<Port> inputs, string output, OnnxOptions options)
    {
        mapping.EnterReadLock();
        try
        {
            using var session = ExecutionProvider.Configure(
                options with { CaptureGraphs = false }, Path.GetDirectoryName(Path.GetFullPath(file.Path))!, PrecisionNames.Float32);
            var loaded = new InferenceSession(Rewritten(file), session);
            if (loaded.InputMetadata.Keys.ToHashSet().SetEquals(inputs.Select(port => port.Name))
                && loaded.OutputMetadata.ContainsKey(output))
                return new(name, Path.GetFileName(file.Path), loaded, inputs, output);
            loaded.Dispose();
            throw InputFault.Precondition(name, $"'{file.Path}' holds a graph with other inputs and outputs");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException
            or OnnxRuntimeException)
        {
            throw InputFault.Precondition(name, $"'{file.Path}' holds no graph that can be run: {e.Message}", e);
        }
        finally
        {
            mapping.ExitReadLock();
        }
    }

    /// <summary>Runs the graph once.</summary>
    /// <param name="values">One tensor per input.</param>
    /// <param name="cancellation">Ends the call between two operations.</param>
    /// <exception cref="InputFault">An input does not match; the message names it.</exception>
    public HostTensor Run(ReadOnlySpan<HostTensor> values, CancellationToken cancellation = default)
    {
        PortCheck.ThrowUnlessFits(name, inputs, [.. values]);
        var wrapped = new OrtValue[values.Length];
        try
        {
            for (var i = 0; i < wrapped.Length; i++)
                wrapped[i] = HostMemory.Wrap(values[i]);
            using var options = new RunOptions();
            using var outputs = Cancellable.Run(name, options, () => session.Run(options, inputNames, wrapped, outputNames), cancellation);
            return HostMemory.Copy(outputs[0]);
        }
        finally
        {
            foreach (var value in wrapped)
                value?.Dispose();
        }
    }

    /// <summary>
    /// Gives back the memory of the weights, if they were not rearranged at load. The next call reads them from the file again.
    /// </summary>
    public void Rest()
    {
        mapping.EnterWriteLock();
        try
        {
            MappedPages.GiveBack(fileName);
        }
        finally
        {
            mapping.ExitWriteLock();
        }
    }

    public void Dispose()
    {
        mapping.EnterReadLock();
        try
        {
            session.Dispose();
        }
        finally
        {
            mapping.ExitReadLock();
        }
    }

    static unsafe byte[] Rewritten(FileRange file)
    {
        using var map = MemoryMappedFile.CreateFromFile(file.Path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = map.CreateViewAccessor(file.Offset, file.Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var model = new ReadOnlySpan<byte>(start + view.PointerOffset, file.Length);
            return ExternalWeights.Rewrite(model, Path.GetFileName(file.Path), file.Offset);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
