/**
 * System calls about files, descriptors and the terminal, by their numbers.
 */

import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import {
  SYS_ACCESS,
  SYS_CHDIR,
  SYS_CLOSE,
  SYS_DUP,
  SYS_DUP2,
  SYS_DUP3,
  SYS_FACCESSAT,
  SYS_FCHDIR,
} from "./callNumbers";
import {
  SYS_FACCESSAT2,
  SYS_FCNTL,
  SYS_FSTAT,
  SYS_GETCWD,
  SYS_GETDENTS64,
  SYS_GETRANDOM,
  SYS_IOCTL,
} from "./callNumbers";
import { SYS_LSEEK, SYS_LSTAT, SYS_NEWFSTATAT, SYS_OPEN, SYS_OPENAT, SYS_PIPE, SYS_PIPE2 } from "./callNumbers";
import { SYS_POLL, SYS_PPOLL, SYS_PREAD64, SYS_READ } from "./callNumbers";
import { SYS_READLINK, SYS_READLINKAT, SYS_READV, SYS_STAT, SYS_WRITE, SYS_WRITEV } from "./callNumbers";
import { closeFile, controlFile, duplicate, duplicateTo, duplicateToClosing, makePipe } from "./descriptorCalls";
import { giveRandom, listFolder, readBytes, readBytesAt, readVector, seek, writeBytes, writeVector } from "./fileCalls";
import { CURRENT_FOLDER, changeFolder, changeToOpenFolder, currentFolder, mayAccess, openFile } from "./pathCalls";
import { readLink, statusAt, statusOfFile, statusOfLink, statusOfPath } from "./pathCalls";
import { pollFiles, pollFilesFor } from "./pollCalls";
import { type Process } from "./process";
import { controlDevice } from "./terminalCalls";

/** Null: the call is none of these. */
export function fileAnswer(frame: TrapFrame, process: Process): u64 | null {
  switch (frame.rax) {
    case SYS_READ:
      return readBytes(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_WRITE:
      return writeBytes(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_CLOSE:
      return closeFile(process, frame.rdi);
    case SYS_LSEEK:
      return seek(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_IOCTL:
      return controlDevice(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_PREAD64:
      return readBytesAt(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_READV:
      return readVector(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_WRITEV:
      return writeVector(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_POLL:
      return pollFiles(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_PPOLL:
      return pollFilesFor(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_PIPE:
      return makePipe(process, frame.rdi, 0n);
    case SYS_PIPE2:
      return makePipe(process, frame.rdi, frame.rsi);
    case SYS_DUP:
      return duplicate(process, frame.rdi);
    case SYS_DUP2:
      return duplicateTo(process, frame.rdi, frame.rsi);
    case SYS_DUP3:
      return duplicateToClosing(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_FCNTL:
      return controlFile(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_GETDENTS64:
      return listFolder(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_GETRANDOM:
      return giveRandom(frame.rdi, frame.rsi, frame.rdx);
    default:
      return pathAnswer(frame, process);
  }
}

function pathAnswer(frame: TrapFrame, process: Process): u64 | null {
  switch (frame.rax) {
    case SYS_OPEN:
      return openFile(process, CURRENT_FOLDER, frame.rdi, frame.rsi);
    case SYS_OPENAT:
      return openFile(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_STAT:
      return statusOfPath(process, frame.rdi, frame.rsi);
    case SYS_FSTAT:
      return statusOfFile(process, frame.rdi, frame.rsi);
    case SYS_LSTAT:
      return statusOfLink(process, frame.rdi, frame.rsi);
    case SYS_NEWFSTATAT:
      return statusAt(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_ACCESS:
      return mayAccess(process, CURRENT_FOLDER, frame.rdi, frame.rsi);
    case SYS_FACCESSAT:
    case SYS_FACCESSAT2:
      return mayAccess(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_READLINK:
      return readLink(process, CURRENT_FOLDER, frame.rdi, frame.rsi, frame.rdx);
    case SYS_READLINKAT:
      return readLink(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_GETCWD:
      return currentFolder(process, frame.rdi, frame.rsi);
    case SYS_CHDIR:
      return changeFolder(process, frame.rdi);
    case SYS_FCHDIR:
      return changeToOpenFolder(process, frame.rdi);
    default:
      return null;
  }
}
