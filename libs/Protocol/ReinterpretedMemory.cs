using System.Buffers;
using System.Runtime.InteropServices;

namespace Rewas.Protocol;

/// <summary>Views memory as values of another type.</summary>
sealed class ReinterpretedMemory<TFrom, TTo>(Memory<TFrom> source) : MemoryManager<TTo>
    where TFrom : unmanaged
    where TTo : unmanaged
{
    public static Memory<TTo> Of(Memory<TFrom> source) => source.IsEmpty ? default : new ReinterpretedMemory<TFrom, TTo>(source).Memory;

    public override Span<TTo> GetSpan() => MemoryMarshal.Cast<TFrom, TTo>(source.Span);

    /// <summary>Pins the source; <paramref name="elementIndex"/> counts values of <typeparamref name="TTo"/>.</summary>
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = source.Pin();
        return new((TTo*)handle.Pointer + elementIndex, pinnable: new Pinned(handle));
    }

    /// <summary>Does nothing, because the handle from <see cref="Pin"/> unpins itself.</summary>
    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    sealed class Pinned(MemoryHandle handle) : IPinnable
    {
        public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException();

        public void Unpin() => handle.Dispose();
    }
}
