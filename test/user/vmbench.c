/* vmbench.c - memory-management micro benchmark for any kernel with the Linux x86_64 syscall ABI.
 *
 * Freestanding, static, non-PIE; no libc, no TLS, no auxv, SSE-free:
 *   gcc -O2 -static -nostdlib -ffreestanding -fno-pie -no-pie -fno-stack-protector \
 *       -mno-sse -fcf-protection=none -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
 *       -Wl,--build-id=none -Wl,-z,noseparate-code -o vmbench vmbench.c
 * (with -DUSE_LIBC it builds as an ordinary main() for musl-gcc -static / gcc -static)
 *
 * Usage: vmbench [rounds=N] [pages=N] [only=PREFIX ...]     (no only=: everything; other words are ignored)
 * Prints one line a figure:
 *   VMB <name> per=<unit> min=<ticks> med=<ticks> max=<ticks> ns_med=<ns> n=<ops a round> rounds=<K>
 *   VMB <name> SKIP <errno>        when the kernel refuses the system call
 * Ticks are rdtsc ticks: under `-icount shift=0,sleep=off` exactly guest instructions.
 * ns: by clock_gettime(CLOCK_MONOTONIC) over the whole run ("-" when the kernel has none).
 * As pid 1 it powers the machine off at the end (reboot(2)), else exit(0).
 *
 * Every measured batch is bracketed by marker NOPs (0f 1f 84 00 imm32, imm32 = 0x5642'00id start,
 * 0x5642'01id stop) which a QEMU TCG plugin can see; they are ordinary 8-byte NOPs elsewhere.
 *
 * System calls: write exit_group getpid mmap munmap mprotect brk fork wait4 pipe read close
 * sched_yield execve clock_gettime madvise kill reboot. Each one missing costs its figures only.
 */
typedef unsigned long u64; typedef long i64; typedef unsigned int u32; typedef unsigned char u8;

static inline i64 sys6(i64 n,i64 a,i64 b,i64 c,i64 d,i64 e,i64 f){
  register i64 r10 __asm__("r10")=d, r8 __asm__("r8")=e, r9 __asm__("r9")=f; i64 r;
  __asm__ volatile("syscall":"=a"(r):"a"(n),"D"(a),"S"(b),"d"(c),"r"(r10),"r"(r8),"r"(r9):"rcx","r11","memory");
  return r; }
static inline i64 sys3(i64 n,i64 a,i64 b,i64 c){ i64 r;
  __asm__ volatile("syscall":"=a"(r):"a"(n),"D"(a),"S"(b),"d"(c):"rcx","r11","memory"); return r; }
static inline i64 sys0(i64 n){ i64 r; __asm__ volatile("syscall":"=a"(r):"a"(n):"rcx","r11","memory"); return r; }
enum { S_read=0,S_write=1,S_close=3,S_mmap=9,S_mprotect=10,S_munmap=11,S_brk=12,S_pipe=22,S_sched_yield=24,S_madvise=28,
       S_getpid=39,S_fork=57,S_execve=59,S_wait4=61,S_reboot=169,S_clock_gettime=228,S_exit_group=231 };
#define PR 1
#define PW 2
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANON 0x20
#define MAP_POPULATE 0x8000
static inline i64 mmap_(u64 len,int prot,int fl){ return sys6(S_mmap,0,len,prot,fl,-1,0); }
static inline i64 munmap_(u64 a,u64 l){ return sys3(S_munmap,a,l,0); }
#define BAD(r) ((u64)(r) > (u64)-4096)

static inline u64 rd(void){ u32 l,h; __asm__ volatile("rdtsc":"=a"(l),"=d"(h)::"memory"); return (u64)h<<32|l; }
#define MARK(imm) __asm__ volatile(".byte 0x0f,0x1f,0x84,0x00; .long %c0"::"i"(imm):"memory")
/* id must be a compile-time constant */
#define START(id) do{ MARK(0x56420000|(id)); t0=rd(); }while(0)
#define STOP(id)  do{ t1=rd(); MARK(0x56420100|(id)); }while(0)

/* ---- output ---- */
static char ob[1024]; static int on;
static void flush(void){ int o=0; while(o<on){ i64 r=sys3(S_write,1,(i64)(ob+o),on-o); if(r<=0) break; o+=r; } on=0; }
static void pc(char c){ if(on<(int)sizeof ob) ob[on++]=c; }
static void ps(const char*s){ while(*s) pc(*s++); }
static void pu(u64 v){ char t[24]; int i=0; do t[i++]='0'+v%10; while(v/=10); while(i) pc(t[--i]); }
/* v/d with 2 decimals */
static void pr2(u64 v,u64 d){ u64 q=v/d, r=v%d; u64 f=(r*100+d/2)/d; if(f>=100){q++;f-=100;} pu(q); pc('.'); pc('0'+f/10); pc('0'+f%10); }
static int streq(const char*a,const char*b){ while(*a&&*a==*b) a++,b++; return *a==*b; }
static int prefix(const char*p,const char*s){ while(*p) if(*p++!=*s++) return 0; return 1; }
static u64 num(const char*s){ u64 v=0; while(*s>='0'&&*s<='9') v=v*10+*s++-'0'; return v; }

/* ---- rounds ---- */
#define MAXR 64
#ifndef ROUNDS
#define ROUNDS 9
#endif
#ifndef PAGES
#define PAGES 4096
#endif
static int rounds=ROUNDS; static u64 npages=PAGES; static u64 samp[MAXR]; static int ns_;
static u64 tick_num=0, ns_num=0;          /* ns = ticks*ns_num/tick_num */
static int nf; static char**fv;
static int want(const char*n){ if(!nf) return 1; for(int i=0;i<nf;i++) if(prefix(fv[i],n)) return 1; return 0; }
static i64 gt(u64*ns){ i64 ts[2]; i64 r=sys3(S_clock_gettime,1,(i64)ts,0); *ns=ts[0]*1000000000ul+ts[1]; return r; }
static u64 c_t0,c_n0; static int c_ok;
static void calib(void){ u64 n; if(!c_ok) return; gt(&n); u64 t=rd(); tick_num=(t-c_t0)>>10; ns_num=(n-c_n0)>>10; if(!tick_num) tick_num=1,ns_num=0; }
static void begin(void){ ns_=0; }
static void add(u64 v){ if(ns_<MAXR) samp[ns_++]=v; }
static void skip(const char*name,i64 e){ ps("VMB "); ps(name); ps(" SKIP "); pu(e<0?-e:e); pc('\n'); flush(); }
static void report(const char*name,const char*per,u64 n){
  if(!ns_){ skip(name,0); return; }
  for(int i=1;i<ns_;i++) for(int j=i;j>0&&samp[j-1]>samp[j];j--){ u64 t=samp[j]; samp[j]=samp[j-1]; samp[j-1]=t; }
  calib();
  ps("VMB "); ps(name); ps(" per="); ps(per); ps(" min="); pr2(samp[0],n); ps(" med="); pr2(samp[ns_/2],n);
  ps(" max="); pr2(samp[ns_-1],n); ps(" ns_med=");
  if(c_ok&&ns_num) pr2(samp[ns_/2]*1000/tick_num*ns_num/1000,n); else pc('-');
  ps(" n="); pu(n); ps(" rounds="); pu(ns_); pc('\n'); flush(); }

static inline void touchw(u64 p){ *(volatile u8*)p=1; }
static inline u8 touchr(u64 p){ return *(volatile u8*)p; }
static inline void stosq(void*p,u64 v,u64 n){ __asm__ volatile("rep stosq":"+D"(p),"+c"(n):"a"(v):"memory"); }
static inline void stosb(void*p,u8 v,u64 n){ __asm__ volatile("rep stosb":"+D"(p),"+c"(n):"a"(v):"memory"); }
static inline void movsq(void*d,void*s,u64 n){ __asm__ volatile("rep movsq":"+D"(d),"+S"(s),"+c"(n)::"memory"); }
static i64 nohuge(u64 p,u64 l){ return sys3(S_madvise,p,l,15); }

static char**g_argv; static char**g_envp;

static int bench_main(int argc,char**argv,char**envp){
  u64 t0,t1,tboot=rd(); i64 r; g_argv=argv; g_envp=envp;
  int pid1 = sys0(S_getpid)==1;
  c_ok = gt(&c_n0)==0; c_t0=rd();
  if(argc>1&&streq(argv[1],"exit")) return 0;
  static char*filt[64]; fv=filt;
  for(int i=1;i<argc&&i<60;i++){
    if(prefix("rounds=",argv[i])){ rounds=num(argv[i]+7); if(rounds>MAXR) rounds=MAXR; if(rounds<1) rounds=1; }
    else if(prefix("pages=",argv[i])) npages=num(argv[i]+6);
    else if(prefix("only=",argv[i])) filt[nf++]=argv[i]+5; }   /* others: ignored (a kernel passes its command line to init) */
  ps("VMB tsc_at_main="); pu(tboot); ps(" pid1="); pu(pid1); ps(" pages="); pu(npages); pc('\n'); flush();
  const u64 P=4096; u64 N=npages, L=N*P;

  if(want("rdtsc")){ begin(); for(int k=0;k<rounds;k++){ START(1); for(int i=0;i<1000;i++) rd(); STOP(1); add(t1-t0);} report("rdtsc_loop","iter",1000); }
  if(want("null_syscall")){ begin(); for(int k=0;k<rounds;k++){ START(2); for(int i=0;i<10000;i++) sys0(S_getpid); STOP(2); add(t1-t0);} report("null_syscall","call",10000); }
  if(want("bad_syscall")){ begin(); for(int k=0;k<rounds;k++){ START(3); for(int i=0;i<10000;i++) sys0(999); STOP(3); add(t1-t0);} report("bad_syscall","call",10000); }

  /* zeroing and copying alone, pages already mapped */
  if(want("zero")||want("copy")||want("touch_mapped")){
    r=mmap_(L,PR|PW,MAP_PRIVATE|MAP_ANON);
    if(BAD(r)) skip("zero",r); else { u64 a=r; nohuge(a,L);
      for(u64 i=0;i<N;i++) touchw(a+i*P);
      begin(); for(int k=0;k<rounds;k++){ START(4); for(u64 i=0;i<N;i++) touchw(a+i*P); STOP(4); add(t1-t0);} report("touch_mapped","page",N);
      begin(); for(int k=0;k<rounds;k++){ START(5); for(int i=0;i<1000;i++) stosq((void*)a,0,512); STOP(5); add(t1-t0);} report("zero_hot_stosq","page",1000);
      begin(); for(int k=0;k<rounds;k++){ START(6); for(u64 i=0;i<N;i++) stosq((void*)(a+i*P),0,512); STOP(6); add(t1-t0);} report("zero_cold_stosq","page",N);
      begin(); for(int k=0;k<rounds;k++){ START(7); for(u64 i=0;i<N;i++) stosb((void*)(a+i*P),0,4096); STOP(7); add(t1-t0);} report("zero_cold_stosb","page",N);
      begin(); for(int k=0;k<rounds;k++){ START(8); for(u64 i=0;i<N;i++){ volatile u64*q=(volatile u64*)(a+i*P); for(int j=0;j<512;j+=8){q[j]=0;q[j+1]=0;q[j+2]=0;q[j+3]=0;q[j+4]=0;q[j+5]=0;q[j+6]=0;q[j+7]=0;} } STOP(8); add(t1-t0);} report("zero_cold_mov8","page",N);
      begin(); for(int k=0;k<rounds;k++){ START(9); for(u64 i=0;i<N/2;i++) movsq((void*)(a+i*P),(void*)(a+(N/2+i)*P),512); STOP(9); add(t1-t0);} report("copy_cold_movsq","page",N/2);
      munmap_(a,L); } }

  /* anonymous faults */
  if(want("mmap_big")||want("fault_anon")||want("munmap_touched")||want("mprotect_range")){
    static u64 s1[MAXR],s2[MAXR],s3[MAXR],s4[MAXR],s5[MAXR]; int k, bad5=0;
    for(k=0;k<rounds;k++){
      START(10); r=mmap_(L,PR|PW,MAP_PRIVATE|MAP_ANON); STOP(10); s1[k]=t1-t0; if(BAD(r)) break;
      u64 a=r; nohuge(a,L);
      START(11); for(u64 i=0;i<N;i++) touchw(a+i*P); STOP(11); s2[k]=t1-t0;
      START(12); r=sys3(S_mprotect,a,L,PR); STOP(12); s3[k]=t1-t0; if(BAD(r)) bad5=1;
      START(13); r=sys3(S_mprotect,a,L,PR|PW); STOP(13); s4[k]=t1-t0;
      START(14); munmap_(a,L); STOP(14); s5[k]=t1-t0; }
    if(BAD(r)&&k<rounds) skip("fault_anon",r); else {
      begin(); for(int i=0;i<k;i++) add(s1[i]); report("mmap_big","call",1);
      begin(); for(int i=0;i<k;i++) add(s2[i]); report("fault_anon_write","page",N);
      if(bad5) skip("mprotect_range",r); else {
      begin(); for(int i=0;i<k;i++) add(s3[i]); report("mprotect_range_ro","page",N);
      begin(); for(int i=0;i<k;i++) add(s4[i]); report("mprotect_range_rw","page",N); }
      begin(); for(int i=0;i<k;i++) add(s5[i]); report("munmap_touched","page",N); } }
  /* sparse: one page a 2 MiB leaf table (a page and a table a fault) */
  if(want("fault_sparse")){ u64 M=64, SL=M<<21; int k; static u64 s2[MAXR],s5[MAXR];
    for(k=0;k<rounds;k++){ r=mmap_(SL,PR|PW,MAP_PRIVATE|MAP_ANON); if(BAD(r)) break; u64 a=r; nohuge(a,SL);
      START(15); for(u64 i=0;i<M;i++) touchw(a+(i<<21)); STOP(15); s2[k]=t1-t0;
      START(16); munmap_(a,SL); STOP(16); s5[k]=t1-t0; }
    if(k<rounds) skip("fault_sparse",r); else {
      begin(); for(int i=0;i<k;i++) add(s2[i]); report("fault_sparse_2m","page+table",M);
      begin(); for(int i=0;i<k;i++) add(s5[i]); report("munmap_sparse_2m","page+table",M); } }
  /* read fault (zero page), then write to it */
  if(want("fault_read")||want("fault_cow_zero")){ int k; static u64 s1[MAXR],s2[MAXR]; 
    for(k=0;k<rounds;k++){ r=mmap_(L,PR|PW,MAP_PRIVATE|MAP_ANON); if(BAD(r)) break; u64 a=r; nohuge(a,L); u64 s=0;
      START(17); for(u64 i=0;i<N;i++) s+=touchr(a+i*P); STOP(17); s1[k]=t1-t0; (void)s;
      START(18); for(u64 i=0;i<N;i++) touchw(a+i*P); STOP(18); s2[k]=t1-t0;
      munmap_(a,L); }
    if(k<rounds) skip("fault_read",r); else {
      begin(); for(int i=0;i<k;i++) add(s1[i]); report("fault_read_zero","page",N);
      begin(); for(int i=0;i<k;i++) add(s2[i]); report("fault_write_after_read","page",N); } }
  /* eager */
  if(want("populate")){ int k; begin(); for(k=0;k<rounds;k++){ START(19); r=mmap_(L,PR|PW,MAP_PRIVATE|MAP_ANON|MAP_POPULATE); STOP(19); if(BAD(r)) break; add(t1-t0); munmap_(r,L);} if(k<rounds) skip("populate",r); else report("populate(thp_if_on)","page",N); }
  /* 2 MiB */
  if(want("fault_thp")){ u64 HL=16ul<<21; int k; begin(); for(k=0;k<rounds;k++){ r=mmap_(HL+(2<<20),PR|PW,MAP_PRIVATE|MAP_ANON); if(BAD(r)) break; u64 b=r,a=(b+(2<<20)-1)&~((2ul<<20)-1);
      r=sys3(S_madvise,a,HL,14); if(BAD(r)){ munmap_(b,HL+(2<<20)); break; }
      START(20); for(u64 i=0;i<16;i++) touchw(a+(i<<21)); STOP(20); add(t1-t0); munmap_(b,HL+(2<<20)); }
    if(k<rounds) skip("fault_thp",r); else report("fault_thp_2m","2MiB",16); }

  /* small calls */
  if(want("mmap_munmap")){ int k; begin(); for(k=0;k<rounds;k++){ START(21); for(int i=0;i<1000;i++){ r=mmap_(P,PR|PW,MAP_PRIVATE|MAP_ANON); munmap_(r,P);} STOP(21); if(BAD(r)) break; add(t1-t0);} if(k<rounds) skip("mmap_munmap",r); else report("mmap_munmap_1p","pair",1000);
    if(k==rounds){ begin(); for(k=0;k<rounds;k++){ START(22); for(int i=0;i<1000;i++){ r=mmap_(P,PR|PW,MAP_PRIVATE|MAP_ANON); touchw(r); munmap_(r,P);} STOP(22); add(t1-t0);} report("mmap_touch_munmap_1p","triple",1000); } }
  if(want("mprotect_1p")){ r=mmap_(16*P,PR|PW,MAP_PRIVATE|MAP_ANON); u64 a=r; if(BAD(r)) skip("mprotect_1p",r); else { for(int i=0;i<16;i++) touchw(a+i*P);
      r=sys3(S_mprotect,a,16*P,PR); if(BAD(r)) skip("mprotect_1p",r); else { sys3(S_mprotect,a,16*P,PR|PW);
      begin(); for(int k=0;k<rounds;k++){ START(23); for(int i=0;i<500;i++){ sys3(S_mprotect,a+7*P,P,PR); sys3(S_mprotect,a+7*P,P,PR|PW);} STOP(23); add(t1-t0);} report("mprotect_1p_split","call",1000);
      munmap_(a+P,P); munmap_(a+3*P,P);     /* page 2 is now a mapping of its own */
      begin(); for(int k=0;k<rounds;k++){ START(24); for(int i=0;i<500;i++){ sys3(S_mprotect,a+2*P,P,PR); sys3(S_mprotect,a+2*P,P,PR|PW);} STOP(24); add(t1-t0);} report("mprotect_1p_whole","call",1000);
      begin(); for(int k=0;k<rounds;k++){ START(25); for(int i=0;i<500;i++){ sys3(S_mprotect,a+2*P,P,PR); sys3(S_mprotect,a+2*P,P,PR|PW); touchw(a+2*P);} STOP(25); add(t1-t0);} report("mprotect_1p_ro_rw_touch","triple",500); }
      munmap_(a,16*P); } }
  /* brk */
  if(want("brk")){ u64 b=sys3(S_brk,0,0,0); u64 b0=(b+P-1)&~(P-1); r=sys3(S_brk,b0+P,0,0);
    if((u64)r!=b0+P) skip("brk",r); else { sys3(S_brk,b0,0,0);
      begin(); for(int k=0;k<rounds;k++){ START(26); for(u64 i=1;i<=1000;i++) sys3(S_brk,b0+i*P,0,0); STOP(26); add(t1-t0); sys3(S_brk,b0,0,0);} report("brk_grow_1p","call",1000);
      begin(); for(int k=0;k<rounds;k++){ START(27); for(u64 i=1;i<=1000;i++){ sys3(S_brk,b0+i*P,0,0); touchw(b0+(i-1)*P);} STOP(27); add(t1-t0); sys3(S_brk,b0,0,0);} report("brk_grow_touch_1p","call+fault",1000);
      begin(); for(int k=0;k<rounds;k++){ sys3(S_brk,b0+1000*P,0,0); for(u64 i=0;i<1000;i++) touchw(b0+i*P); START(28); for(u64 i=1;i<=1000;i++) sys3(S_brk,b0+(1000-i)*P,0,0); STOP(28); add(t1-t0);} report("brk_shrink_touched_1p","call",1000); } }
  /* processes */
  if(want("fork")){ int k; begin(); r=0; for(k=0;k<rounds;k++){ START(29); for(int i=0;i<20;i++){ r=sys0(S_fork); if(r==0) sys3(S_exit_group,0,0,0); if(r<0) break; int st; sys6(S_wait4,r,(i64)&st,0,0,0,0);} STOP(29); if(r<0) break; add(t1-t0);} if(k<rounds) skip("fork_exit_wait",r); else {
      report("fork_exit_wait","proc",20);
      r=mmap_(L,PR|PW,MAP_PRIVATE|MAP_ANON); if(!BAD(r)){ u64 a=r; nohuge(a,L); for(u64 i=0;i<N;i++) touchw(a+i*P);
        begin(); for(k=0;k<rounds;k++){ START(30); r=sys0(S_fork); if(r==0) sys3(S_exit_group,0,0,0); int st; sys6(S_wait4,r,(i64)&st,0,0,0,0); STOP(30); add(t1-t0);} report("fork_exit_wait_dirty","page",N);
        munmap_(a,L); } } }
  if(want("exec")){ int k; begin(); r=0; char*av[3]={argv[0],"exit",0}; for(k=0;k<rounds;k++){ int st=0; START(31); for(int i=0;i<5;i++){ r=sys0(S_fork); if(r==0){ sys3(S_execve,(i64)argv[0],(i64)av,(i64)envp); sys3(S_exit_group,127,0,0);} if(r<0) break; sys6(S_wait4,r,(i64)&st,0,0,0,0); if(st) r=-8; } STOP(31); if(r<0) break; add(t1-t0);} if(k<rounds) skip("fork_exec_exit_wait",r); else report("fork_exec_exit_wait","proc",5); }
  /* COW: the parent writes while the child lives (copy), then after it is gone (reuse) */
  if(want("cow")){ int p[2]; r=sys3(S_pipe,(i64)p,0,0); if(r<0) skip("cow",r); else { u64 C=1024; r=mmap_(C*P,PR|PW,MAP_PRIVATE|MAP_ANON); u64 a=r; nohuge(a,C*P);
      static u64 s1[MAXR],s2[MAXR]; int k; for(u64 i=0;i<C;i++) touchw(a+i*P);
      for(k=0;k<rounds;k++){ r=sys0(S_fork); if(r<0) break;
        if(r==0){ char c; sys3(S_read,p[0],(i64)&c,1); sys3(S_exit_group,0,0,0);} i64 pid=r; int st;
        sys0(S_sched_yield);
        START(32); for(u64 i=0;i<C;i++) touchw(a+i*P); STOP(32); s1[k]=t1-t0;
        char c=1; sys3(S_write,p[1],(i64)&c,1); sys6(S_wait4,pid,(i64)&st,0,0,0,0);
        r=sys0(S_fork); if(r<0) break; if(r==0) sys3(S_exit_group,0,0,0); sys6(S_wait4,r,(i64)&st,0,0,0,0);
        START(33); for(u64 i=0;i<C;i++) touchw(a+i*P); STOP(33); s2[k]=t1-t0; }
      if(k<rounds) skip("cow",r); else { begin(); for(int i=0;i<k;i++) add(s1[i]); report("cow_copy","page",C); begin(); for(int i=0;i<k;i++) add(s2[i]); report("cow_reuse","page",C); }
      munmap_(a,C*P); sys3(S_close,p[0],0,0); sys3(S_close,p[1],0,0); } }
  /* context switch */
  if(want("sched_yield")){ begin(); int k; r=0; for(k=0;k<rounds;k++){ START(34); for(int i=0;i<1000;i++) r=sys0(S_sched_yield); STOP(34); if(r<0) break; add(t1-t0);} if(k<rounds) skip("sched_yield",r); else { report("sched_yield_alone","call",1000);
      begin(); r=sys0(S_fork); if(r==0) for(;;) sys0(S_sched_yield); /* endless peer: killed below */
      if(r<0) skip("sched_yield_pair",r); else { i64 pid=r; int st; for(int i=0;i<100;i++) sys0(S_sched_yield);
        for(k=0;k<rounds;k++){ START(35); for(int i=0;i<1000;i++) sys0(S_sched_yield); STOP(35); add(t1-t0);} 
        sys3(62,pid,9,0); sys6(S_wait4,pid,(i64)&st,0,0,0,0); report("sched_yield_2procs","yield+switch_there_and_back",1000); } } }
  if(want("pipe")){ int p[2],q[2]; r=sys3(S_pipe,(i64)p,0,0); if(r<0) skip("pipe",r); else { sys3(S_pipe,(i64)q,0,0); char c=0;
      begin(); for(int k=0;k<rounds;k++){ START(36); for(int i=0;i<1000;i++){ sys3(S_write,p[1],(i64)&c,1); sys3(S_read,p[0],(i64)&c,1);} STOP(36); add(t1-t0);} report("pipe_self_write_read","pair",1000);
      r=sys0(S_fork); if(r==0){ sys3(S_close,p[1],0,0); sys3(S_close,q[0],0,0); while(sys3(S_read,p[0],(i64)&c,1)==1) sys3(S_write,q[1],(i64)&c,1); sys3(S_exit_group,0,0,0);} 
      if(r<0) skip("pipe_pingpong",r); else { i64 pid=r; int st; for(int i=0;i<50;i++){ sys3(S_write,p[1],(i64)&c,1); sys3(S_read,q[0],(i64)&c,1);} 
        begin(); for(int k=0;k<rounds;k++){ START(37); for(int i=0;i<500;i++){ sys3(S_write,p[1],(i64)&c,1); sys3(S_read,q[0],(i64)&c,1);} STOP(37); add(t1-t0);} report("pipe_pingpong","roundtrip(2sw)",500);
        sys3(S_close,p[1],0,0); sys6(S_wait4,pid,(i64)&st,0,0,0,0); } } }
  u64 te=rd(); ps("VMB done tsc="); pu(te); pc('\n'); flush();
  if(pid1) sys6(S_reboot,0xfee1dead,672274793,0x4321fedc,0,0,0);
  return 0; }

#ifdef USE_LIBC
int main(int c,char**v,char**e){ return bench_main(c,v,e); }
#else
void* memset(void*d,int v,u64 n){ stosb(d,v,n); return d; }
void* memcpy(void*d,const void*s,u64 n){ u8*a=d; const u8*b=s; while(n--) *a++=*b++; return d; }
__attribute__((used)) void start_c(u64*sp){ int argc=(int)sp[0]; char**argv=(char**)(sp+1); char**envp=argv+argc+1;
  sys3(S_exit_group,bench_main(argc,argv,envp),0,0); for(;;); }
__asm__(".globl _start\n_start:\n xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call start_c\n hlt\n");
#endif
